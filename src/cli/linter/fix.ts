import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../lint/finding.ts';
import { planFixes } from '../../lint/fix/fix.ts';
import { counted } from '../../model/counted.ts';
import { positionOf } from '../../report/position.ts';

/** Repairs what can be repaired safely, and says what was done and what is left. `dryRun` only says it. */
export async function applyFixes(
  root: string,
  report: Report,
  { dryRun, print }: { readonly dryRun: boolean; print(text: string): void },
): Promise<void> {
  const { files, left } = await planFixes(report);
  for (const { path, text, repaired } of files) {
    const file = join(root, path);
    // The linter reads text without a byte order mark; whoever has one keeps it.
    const mark = readFileSync(file, 'utf8').startsWith('\uFEFF') ? '\uFEFF' : '';
    if (!dryRun) writeFileSync(file, mark + text);
    print(`${dryRun ? 'would repair' : 'repaired'} ${path}: ${counted(repaired, 'call')} with a timeout\n`);
  }
  for (const { finding, why } of left) {
    const [{ path, span }] = finding.at;
    const { line, column } = positionOf(report.source(path), span[0]);
    print(`left ${path}:${line}:${column}: ${why}\n`);
  }
  if (files.length === 0 && left.length === 0) print('There is nothing that can be repaired.\n');
  else print('\n');
}
