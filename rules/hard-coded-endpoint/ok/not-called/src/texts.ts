export const namespace = 'http://www.w3.org/2000/svg';
export const docs = { url: 'https://docs.example.com/guide', homepage: 'http://10.0.0.1:80/readme' };
console.log('listening on http://localhost:3000');
export const openapi = { servers: [{ url: 'http://localhost:3000' }], $schema: 'http://json-schema.org/draft-07/schema#' };
// fetch('http://10.0.0.7:8080')
export const cors = { origin: 'http://localhost:5173' };
export const apiUrl = 'https://api.stripe.com/v1';
