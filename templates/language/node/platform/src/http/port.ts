import type { IncomingHttpHeaders } from 'node:http';
import type { Method } from '../contract.ts';

/** A request as every host hands it over: bytes and names, nothing parsed. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query as received, e.g. `/catalog/products?limit=5`. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** `too-long`: longer than the limit; the host drops the bytes and the application answers 413. */
  readonly body: Uint8Array | 'too-long' | undefined;
  readonly remoteAddress: string;
}
export interface HttpResponse {
  readonly status: number;
  /** All of them, `content-length` too: a host adds none that changes the meaning. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
/** The application behind a host. `dispatch` never rejects: every failure is a response. */
export interface HttpApp {
  /** Paths with `{parameters}`; what a host may register, print or ignore. */
  readonly routes: readonly { readonly method: Method; readonly path: string }[];
  dispatch(request: HttpRequest): Promise<HttpResponse>;
}
/** PEM texts. Peers have to present a certificate of the same authority. */
export interface TlsOptions {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}
export interface HttpHostOptions {
  readonly bodyLimitBytes: number;
  /** Time to receive the whole request, and the headers of it. */
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  /** Mutual TLS instead of plain HTTP. */
  readonly tls?: TlsOptions | undefined;
}
export interface HttpServer {
  /** Listens and returns the base URL. Port 0 takes a free one. */
  listen(port: number, host: string): Promise<string>;
  /** Uses a renewed certificate for the connections to come. */
  renew(tls: TlsOptions): void;
  /** Refuses new connections and resolves when those in flight are answered. */
  close(): Promise<void>;
}
/** The port that a framework implements: it moves bytes and decides nothing. */
export type HttpHost = (app: HttpApp, options: HttpHostOptions) => HttpServer;

/** Remembers the answer of a creation by its `Idempotency-Key`. The key row and the effect commit together. */
export interface IdempotencyStore {
  /**
   * Runs `work` at most once per operation, subject and key, and gives the stored answer to repetitions.
   * `mismatch`: the key was used with another input. `in-progress`: its first request has not been answered yet.
   * `lost`: its first request had its effect, and the answer was lost in a crash.
   * A `work` that throws leaves no trace, so the caller may try again.
   */
  once(
    request: IdempotencyRequest,
    work: () => Promise<HttpResponse>,
  ): Promise<{ readonly response: HttpResponse; readonly replayed: boolean } | 'mismatch' | 'in-progress' | 'lost'>;
}
export interface IdempotencyRequest {
  readonly operation: string;
  readonly subject: string;
  readonly key: string;
  /** SHA-256 of the decoded input, in hexadecimal. */
  readonly fingerprint: string;
}
