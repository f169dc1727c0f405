export const cors = () => import('@fastify/cors');
