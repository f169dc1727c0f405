import fastify from 'fastify';
export function run() {
  const app = fastify();
  app.get('/readyz', async () => 'ok');
  return app.listen({ port: 3000 });
}
