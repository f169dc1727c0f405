import pc from 'picocolors';
import { KnownError } from '../../model/known-error.ts';

/** Prints an error where people and programs look for it; returns the exit code. */
export function failed(error: unknown, asJson: boolean): number {
  const known = error instanceof KnownError ? error : unknownError(error);
  const { message, next, place, exitCode } = known;
  if (asJson) process.stdout.write(`${JSON.stringify({ error: { message, next, ...(place ? { place } : {}) } }, null, 2)}\n`);
  const where = place ? `${[place.file, place.line, place.column].filter((part) => part !== undefined).join(':')}: ` : '';
  process.stderr.write(`${pc.red('error')} ${where}${message}\n  ${next}\n`);
  return exitCode;
}

const unknownError = (error: unknown): KnownError =>
  new KnownError(error instanceof Error ? (error.stack ?? error.message) : String(error), {
    next: 'This is a mistake of the generator, not yours: please report it with the lines above.',
    exitCode: 2,
  });
