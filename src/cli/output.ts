import pc from 'picocolors';
import { KnownError, type Place } from '../model/known-error.ts';
import { visibleLines, withoutCommands } from '../model/visible.ts';

/** Whether to colour: never in a pipe, never against NO_COLOR. */
export const coloured = (wanted = true): boolean =>
  wanted && !process.env.NO_COLOR && (process.stdout.isTTY === true || Boolean(process.env.FORCE_COLOR));

export const print = (text: string): void => {
  listen();
  process.stdout.write(text);
};
/** For people, when standard output is for a program. */
export const note = (text: string): void => {
  process.stderr.write(text);
};

let listening = false;
/** Whoever reads may stop reading (`| head`): that is no error of the program. */
function listen(): void {
  if (listening) return;
  listening = true;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

/** Prints an error where people (stderr) and programs (stdout, with `asJson`) look for it; returns the exit code. */
export function failed(error: unknown, options: { readonly program: string; readonly asJson?: boolean }): number {
  const { message, next, place, exitCode } = error instanceof KnownError ? error : unexpected(error, options.program);
  if (options.asJson) print(`${JSON.stringify({ error: { message, next, ...(place && { place }) } }, null, 2)}\n`);
  process.stderr.write(`${pc.red('error')} ${shown(where(place))}${shown(message)}\n  ${shown(next)}\n`);
  return exitCode;
}

/** A message may have lines of its own; what it quotes must not add commands to a pipeline or a terminal. */
const shown = (text: string): string => withoutCommands(visibleLines(text));

const where = (place: Place | undefined): string =>
  place ? `${[place.file, place.line, place.column].filter((part) => part !== undefined).join(':')}: ` : '';

const unexpected = (error: unknown, program: string): KnownError =>
  new KnownError(error instanceof Error ? (error.stack ?? error.message) : String(error), {
    next: `This is a mistake of ${program}, not yours: please report it with the lines above.`,
  });
