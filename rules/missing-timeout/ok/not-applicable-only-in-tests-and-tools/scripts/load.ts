await fetch('http://localhost:3000');
