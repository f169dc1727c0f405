import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpHost, HttpRequest } from './port.ts';

/** Node's own server as the host, without any framework. */
export const nodeHttp: HttpHost = (app, { bodyLimitBytes, requestTimeoutMs, keepAliveTimeoutMs }) => {
  const timeouts = { requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs };
  const server = createServer({ ...timeouts, keepAliveTimeout: keepAliveTimeoutMs }, async (request, response) => {
    const { method = 'GET', url = '/', headers, socket } = request;
    const body = await receive(request, bodyLimitBytes).catch(() => undefined);
    const answer = await app.dispatch({ method, url, headers, body, remoteAddress: socket.remoteAddress ?? '' });
    response.writeHead(
      answer.status,
      body === 'too-long' ? { ...answer.headers, connection: 'close' } : answer.headers,
    );
    response.end(answer.body);
  });
  return {
    async listen(port, host) {
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
      const { address, port: bound } = server.address() as AddressInfo;
      return `http://${address}:${bound}`;
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
