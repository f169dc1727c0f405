import express from 'express';
const app = express();
app.get('/products', (_, res) => res.send('ok'));
app.listen(3000);
