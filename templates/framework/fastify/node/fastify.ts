import { type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { HttpHost, HttpRequest } from './port.ts';

/** Fastify as the host: it receives bytes and sends them; what they mean is the application's. */
export const fastifyHttp: HttpHost = (app, { bodyLimitBytes, requestTimeoutMs, keepAliveTimeoutMs }) => {
  const send = async (request: FastifyRequest, reply: FastifyReply, body: HttpRequest['body']) => {
    const { method, url, headers, ip } = request;
    const response = await app.dispatch({ method, url, headers, body, remoteAddress: ip });
    // As it is: Fastify's own serialisation would add a charset to the content type, and cost a tenth of the request.
    reply.hijack();
    reply.raw.writeHead(response.status, response.headers).end(response.body);
  };
  const server = fastify({
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    exposeHeadRoutes: false,
    // The application ends connections while it drains and still answers what arrives on them.
    return503OnClosing: false,
    frameworkErrors: (_error, request, reply) => void send(request, reply, undefined),
  });
  server.server.headersTimeout = requestTimeoutMs;
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.setErrorHandler((error, request, reply) => {
    return send(request, reply, (error as { statusCode?: number }).statusCode === 413 ? 'too-long' : undefined);
  });
  const answer = (request: FastifyRequest, reply: FastifyReply) => {
    return send(request, reply, request.body as Uint8Array | undefined);
  };
  server.all('/*', answer);
  server.setNotFoundHandler(answer);
  return {
    listen: (port, host) => server.listen({ port, host }),
    close: () => server.close(),
  };
};
