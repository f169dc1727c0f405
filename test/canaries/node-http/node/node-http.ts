import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { HttpHost, HttpRequest } from './port.ts';

/** Node's own server as the host, without any framework. */
export const nodeHttp: HttpHost = (app, { bodyLimitBytes, requestTimeoutMs, keepAliveTimeoutMs, tls }) => {
  const timeouts = {
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
  };
  const answerAll: RequestListener = async (request, response) => {
    const { method = 'GET', url = '/', headers, socket } = request;
    const body = await receive(request, bodyLimitBytes).catch(() => undefined);
    const answer = await app.dispatch({ method, url, headers, body, remoteAddress: socket.remoteAddress ?? '' });
    response.writeHead(
      answer.status,
      body === 'too-long' ? { ...answer.headers, connection: 'close' } : answer.headers,
    );
    response.end(answer.body);
  };
  const server = tls
    ? createTlsServer({ ...timeouts, ...tls, requestCert: true, rejectUnauthorized: true }, answerAll)
    : createServer(timeouts, answerAll);
  return {
    async listen(port, host) {
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
      const { address, port: bound } = server.address() as AddressInfo;
      return `${tls ? 'https' : 'http'}://${address}:${bound}`;
    },
    renew: (renewed) => {
      if (server instanceof TlsServer) server.setSecureContext(renewed);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
};

async function receive(request: IncomingMessage, limit: number): Promise<HttpRequest['body']> {
  if (Number(request.headers['content-length']) > limit) return 'too-long';
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) return 'too-long';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
