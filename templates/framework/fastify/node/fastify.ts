import type { Server } from 'node:https';
import { type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { HttpHost, HttpRequest } from './port.ts';

/** Fastify as the host: it receives bytes and sends them; what they mean is the application's. */
export const fastifyHttp: HttpHost = (app, { bodyLimitBytes, requestTimeoutMs, keepAliveTimeoutMs, tls }) => {
  // Sent as it is: Fastify's own serialisation would change the content type, and costs a tenth of a request.
  const send = ({ raw }: FastifyRequest, reply: FastifyReply, body: HttpRequest['body']): void => {
    const { method = 'GET', url = '/', headers, socket } = raw;
    reply.hijack();
    app.dispatch({ method, url, headers, body, remoteAddress: socket.remoteAddress ?? '' }).then((response) => {
      reply.raw.writeHead(response.status, response.headers).end(response.body);
    });
  };
  const server = fastify({
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    ...(tls ? { https: { ...tls, requestCert: true, rejectUnauthorized: true } } : {}),
    exposeHeadRoutes: false,
    // The application ends connections while it drains and still answers what arrives on them.
    return503OnClosing: false,
    frameworkErrors: (_error, request, reply) => send(request, reply, undefined),
  });
  server.server.headersTimeout = requestTimeoutMs;
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.setErrorHandler((error, request, reply) => {
    send(request, reply, (error as { statusCode?: number }).statusCode === 413 ? 'too-long' : undefined);
  });
  const answer = (request: FastifyRequest, reply: FastifyReply) => {
    send(request, reply, request.body as Uint8Array | undefined);
  };
  server.all('/*', answer);
  server.setNotFoundHandler(answer);
  return {
    renew: (renewed) => (server.server as Server).setSecureContext(renewed),
    listen: (port, host) => server.listen({ port, host }),
    close: () => {
      // At once; Fastify closes it some turns of the event loop later, and takes connections until then.
      server.server.close();
      return server.close();
    },
  };
};
