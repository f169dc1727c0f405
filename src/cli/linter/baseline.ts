import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { diskWorkspace } from '../../extract/workspace/disk.ts';
import { readBaseline, updateBaseline } from '../../lint/baseline.ts';
import type { Report } from '../../lint/finding.ts';
import { KnownError } from '../../model/known-error.ts';

/**
 * Accepts what the report found, file by file; under `CI` it only takes out what is gone. Throws a `KnownError` for a
 * run that could not check everything: what it did not see must not leave the baseline.
 */
export function writeBaseline(root: string, report: Report, print: (text: string) => void): void {
  if (report.problems.length > 0) {
    throw new KnownError(`The baseline is unchanged: ${report.problems[0]}`, {
      next: 'Correct or accept (lint.unchecked) what could not be checked, and run again.',
    });
  }
  const shrink = Boolean(process.env.CI) && process.env.CI !== 'false';
  const { files, added, removed } = updateBaseline(report, readBaseline(diskWorkspace(root)), { shrink });
  for (const [path, text] of files) {
    const file = join(root, path);
    if (text === undefined) rmSync(file);
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
  print(`Baseline: ${added} accepted, ${removed} taken out${shrink ? ' (in CI it only shrinks)' : ''}.\n\n`);
}
