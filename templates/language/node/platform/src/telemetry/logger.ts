import { pino } from 'pino';
import { currentTrace } from './trace.ts';

type Log = (fields: object, message: string) => void;
export interface Logger {
  readonly debug: Log;
  readonly info: Log;
  readonly warn: Log;
  readonly error: Log;
  readonly fatal: Log;
  child(fields: object): Logger;
}

const secrets = ['authorization', 'cookie', 'password', 'secret', 'token'];

/** JSON lines on standard output (or on `to`), each with the trace id of the request or message it belongs to. */
export function createLogger(level: string, name: string, to?: { write(line: string): void }): Logger {
  const options = {
    level,
    base: { service: name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: secrets.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
    mixin() {
      const trace = currentTrace();
      return trace ? { traceId: trace.traceId } : {};
    },
  };
  return to ? pino(options, to) : pino(options);
}
