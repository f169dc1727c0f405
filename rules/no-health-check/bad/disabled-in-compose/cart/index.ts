import http from 'node:http';
// app.get('/healthz')
http.createServer().listen(3000);
