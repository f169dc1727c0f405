import { rules } from '../../../rules/catalogue.gen.ts';
import { recognisers } from '../../extract/catalogue.gen.ts';
import { languages } from '../../extract/languages.gen.ts';
import { diskWorkspace } from '../../extract/workspace/disk.ts';
import type { Report } from '../../lint/finding.ts';
import { lint } from '../../lint/lint.ts';
import { coloured, note, print } from '../output.ts';

export interface LintOptions {
  readonly format: 'text' | 'json';
  readonly rule?: readonly string[];
  readonly color: boolean;
  readonly fix?: boolean;
  readonly dryRun?: boolean;
  readonly verifyEngine?: boolean;
}

/** Lints a folder and prints the report; returns 0 (clean), 1 (findings) or 2 (could not check). */
export async function lintCommand(path: string, options: LintOptions): Promise<number> {
  if (options.verifyEngine) {
    const { verifyCommand } = await import('./verify.ts');
    return verifyCommand(path);
  }
  const run = (): Promise<Report> =>
    lint({
      workspace: diskWorkspace(path),
      extractors: { languages, recognisers },
      rules,
      today: new Date().toISOString().slice(0, 10),
      ...(options.rule && { only: options.rule }),
    });
  let report = await run();
  if (options.fix) {
    const { applyFixes } = await import('./fix.ts');
    await applyFixes(path, report, {
      dryRun: options.dryRun ?? false,
      print: options.format === 'json' ? note : print,
    });
    // What is reported is what is left, seen again and not assumed.
    if (!options.dryRun) report = await run();
  }
  if (options.format === 'json') {
    const { jsonReport } = await import('../../report/json.ts');
    print(jsonReport(report));
  } else {
    const { textReport } = await import('../../report/text.ts');
    print(textReport(report, { color: coloured(options.color) }));
  }
  return report.exitCode;
}
