import { createServer } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import express, { type NextFunction, type Request, type Response } from 'express';
import type { HttpHost, HttpRequest } from './port.ts';

/** Express as the host: it receives bytes and sends them; what they mean is the application's. */
export const expressHttp: HttpHost = (app, { bodyLimitBytes, requestTimeoutMs, keepAliveTimeoutMs, tls }) => {
  const handler = express();
  handler.disable('x-powered-by');
  const send = ({ method, originalUrl, headers, socket }: Request, response: Response, body: HttpRequest['body']) => {
    const remoteAddress = socket.remoteAddress ?? '';
    app.dispatch({ method, url: originalUrl, headers, body, remoteAddress }).then((answer) => {
      // What is left of a body that is too long is not read, so nothing can follow it.
      const headers = body === 'too-long' ? { ...answer.headers, connection: 'close' } : answer.headers;
      response.writeHead(answer.status, headers).end(answer.body);
    });
  };
  handler.use(express.raw({ type: () => true, limit: bodyLimitBytes, inflate: false }));
  handler.use((request: Request, response: Response) => {
    send(request, response, request.body instanceof Uint8Array ? request.body : undefined);
  });
  handler.use((error: { status?: number }, request: Request, response: Response, _next: NextFunction) => {
    send(request, response, error.status === 413 ? 'too-long' : undefined);
  });
  const timeouts = {
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
  };
  const server = tls
    ? createTlsServer({ ...timeouts, ...tls, requestCert: true, rejectUnauthorized: true }, handler)
    : createServer(timeouts, handler);
  return {
    async listen(port, host) {
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
      const { address, port: bound } = server.address() as AddressInfo;
      const name = address.includes(':') ? `[${address}]` : address;
      return `${tls ? 'https' : 'http'}://${name}:${bound}`;
    },
    renew: (renewed) => {
      if (server instanceof TlsServer) server.setSecureContext(renewed);
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
