import pc from 'picocolors';
import { KnownError, type Place } from '../model/known-error.ts';

/** Whether to colour: never in a pipe, never against NO_COLOR. */
export const coloured = (wanted = true): boolean =>
  wanted && !process.env.NO_COLOR && (process.stdout.isTTY === true || Boolean(process.env.FORCE_COLOR));

export const print = (text: string): void => {
  process.stdout.write(text);
};

/** Prints an error where people (stderr) and programs (stdout, with `asJson`) look for it; returns the exit code. */
export function failed(error: unknown, options: { readonly program: string; readonly asJson?: boolean }): number {
  const { message, next, place, exitCode } = error instanceof KnownError ? error : unexpected(error, options.program);
  if (options.asJson) print(`${JSON.stringify({ error: { message, next, ...(place && { place }) } }, null, 2)}\n`);
  process.stderr.write(`${pc.red('error')} ${where(place)}${message}\n  ${next}\n`);
  return exitCode;
}

const where = (place: Place | undefined): string =>
  place ? `${[place.file, place.line, place.column].filter((part) => part !== undefined).join(':')}: ` : '';

const unexpected = (error: unknown, program: string): KnownError =>
  new KnownError(error instanceof Error ? (error.stack ?? error.message) : String(error), {
    next: `This is a mistake of ${program}, not yours: please report it with the lines above.`,
  });
