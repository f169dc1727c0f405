import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpServer } from '../http/port.ts';
import type { HttpEvent, HttpResult } from './http.ts';

/** Longest request that API Gateway takes. */
const limitBytes = 10 * 1024 * 1024;

/** Stands in for API Gateway on this machine: turns requests into its events and results into responses. */
export function gateway(handle: (event: HttpEvent) => Promise<HttpResult>): HttpServer {
  const server = createServer(async (request, response) => {
    try {
      const { statusCode, headers, body } = await handle(await eventOf(request));
      response.writeHead(statusCode, headers).end(body);
    } catch (error) {
      // As API Gateway answers for a function that fails.
      process.stderr.write(`${(error as Error).stack}\n`);
      response.writeHead(500, { 'content-type': 'application/json' }).end('{"message":"Internal Server Error"}');
    }
  });
  return {
    async listen(port, host) {
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
      return `http://${host}:${(server.address() as AddressInfo).port}`;
    },
    renew() {},
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function eventOf(request: IncomingMessage): Promise<HttpEvent> {
  const { method = 'GET', url = '/', headers, socket } = request;
  const cut = url.indexOf('?');
  const body = await bytesOf(request);
  return {
    rawPath: cut < 0 ? url : url.slice(0, cut),
    rawQueryString: cut < 0 ? '' : url.slice(cut + 1),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    requestContext: { http: { method, sourceIp: socket.remoteAddress ?? '' } },
    isBase64Encoded: true,
    ...(body.length > 0 ? { body: body.toString('base64') } : {}),
  };
}

export async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limitBytes) throw new Error(`A request of more than ${limitBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
