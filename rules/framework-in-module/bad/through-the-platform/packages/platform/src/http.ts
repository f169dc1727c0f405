export { default as app } from 'fastify';
