import { applyPatch, structuredPatch } from 'diff';
import { parseDocument } from 'yaml';
import { save, text } from '../blueprint/save.ts';
import type { Blueprint } from '../blueprint/schema.ts';
import { merged } from '../write/merge.ts';

const file = 'architecture.yaml';

/**
 * `architecture.yaml` as a person wrote it, with what makes `before`, which it says, into `after`. Comments and order stay,
 * and lines that nothing changes on stay byte for byte.
 */
export function rewritten(source: string, before: Blueprint, after: Blueprint): string {
  const changed = merged(file, save(before), source, save(after));
  if (changed === undefined) throw new Error(`${file} was read before, and cannot be merged.`);
  const printed = text(parseDocument(source));
  if (printed === changed) return source;
  const lf = source.replaceAll('\r\n', '\n');
  const patch = structuredPatch(file, file, printed, changed, undefined, undefined, { context: 1 });
  // Printing alone may change white space of lines that nobody touched: the difference is applied to what was written.
  const words = (line: string) => line.replace(/\s+/g, '');
  const patched = applyPatch(lf, patch, {
    autoConvertLineEndings: false,
    compareLine: (_number, line, _operation, wanted) => words(line) === words(wanted),
  });
  const result = patched === false ? changed : patched;
  return source.includes('\r\n') ? result.replaceAll('\n', '\r\n') : result;
}
