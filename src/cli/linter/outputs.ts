import { closest } from '../../blueprint/nearest.ts';
import { KnownError } from '../../model/known-error.ts';

/** A report that is wanted, and the file into which it goes; absent: standard output. */
export interface Output {
  readonly format: string;
  readonly file?: string;
}

/**
 * `--format a --format b --output b=file` → which report goes where. A report with a file needs no `--format`, and one
 * report at most goes to standard output.
 */
export function outputsOf(formats: readonly string[], files: readonly string[], known: readonly string[]): Output[] {
  for (const format of formats) checkFormat(format, known);
  const written = files.map((text): Required<Output> => {
    const [, format, file] = /^([a-z]+)=(.+)$/s.exec(text) ?? [];
    if (format !== undefined && file !== undefined && known.includes(format)) return { format, file };
    if (formats.length === 1 && files.length === 1) return { format: formats[0]!, file: text };
    throw new KnownError(`--output ${text}: which report is it?`, {
      next: `Write it as <format>=<file>, with one of: ${known.join(', ')}.`,
    });
  });
  const printed = formats.filter((format) => !written.some((output) => output.format === format));
  if (printed.length > 1) {
    throw new KnownError(`Both ${printed.join(' and ')} would go to standard output.`, {
      next: `Give all but one a file: --output ${printed[1]}=<file>`,
    });
  }
  if (formats.length === 0) printed.push('text');
  return [...written, ...printed.map((format) => ({ format }))];
}

function checkFormat(format: string, known: readonly string[]): void {
  if (known.includes(format)) return;
  const near = closest(format, known);
  throw new KnownError(`There is no report '${format}'.`, {
    next: near ? `Did you mean '${near}'?` : `Use one of: ${known.join(', ')}.`,
  });
}
