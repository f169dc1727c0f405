import { rules } from '../../../rules/catalogue.gen.ts';
import { recognisers } from '../../extract/catalogue.gen.ts';
import { languages } from '../../extract/languages.gen.ts';
import { diskWorkspace } from '../../extract/workspace/disk.ts';
import { lint } from '../../lint/lint.ts';
import { coloured, print } from '../output.ts';

export interface LintOptions {
  readonly format: 'text' | 'json';
  readonly rule?: readonly string[];
  readonly color: boolean;
}

/** Lints a folder and prints the report; returns 0 (clean), 1 (findings) or 2 (could not check). */
export async function lintCommand(path: string, options: LintOptions): Promise<number> {
  const report = await lint({
    workspace: diskWorkspace(path),
    extractors: { languages, recognisers },
    rules,
    today: new Date().toISOString().slice(0, 10),
    ...(options.rule && { only: options.rule }),
  });
  if (options.format === 'json') {
    const { jsonReport } = await import('../../report/json.ts');
    print(jsonReport(report));
  } else {
    const { textReport } = await import('../../report/text.ts');
    print(textReport(report, { color: coloured(options.color) }));
  }
  return report.exitCode;
}
