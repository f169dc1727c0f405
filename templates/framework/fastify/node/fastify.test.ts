import { fastifyHttp } from './fastify.ts';
import { hostConformance } from './host.conformance.ts';

hostConformance('Fastify', fastifyHttp);
