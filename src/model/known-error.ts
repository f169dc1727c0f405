/** Where an error was found; line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}
/**
 * An error that a person can act on: what happened, where, what to do next. The one printer shows it without a stack
 * trace and exits with `exitCode` (2: could not run; 1: ran and failed).
 */
export class KnownError extends Error {
  readonly next: string;
  readonly place: Place | undefined;
  readonly exitCode: number;
  constructor(message: string, options: { next: string; place?: Place; exitCode?: number; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'KnownError';
    this.next = options.next;
    this.place = options.place;
    this.exitCode = options.exitCode ?? 2;
  }
}
