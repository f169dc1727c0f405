import { appendFileSync, writeFileSync } from 'node:fs';
import { diskWorkspace } from '../../extract/workspace/disk.ts';
import type { Added } from '../../lint/added.ts';
import { nothingKept } from '../../lint/cache/memory.ts';
import type { Checked } from '../../lint/checked.ts';
import { conclude } from '../../lint/conclude.ts';
import type { Report } from '../../lint/finding.ts';
import { FOREIGN } from '../../lint/own-rules.ts';
import { KnownError } from '../../model/known-error.ts';
import type { Rule } from '../../model/rule.ts';
import type { Workspace } from '../../model/workspace.ts';
import { reporters } from '../../report/catalogue.gen.ts';
import { coloured, note, print } from '../output.ts';
import { refuseParts } from './above.ts';
import type { AddedFile } from './added.ts';
import { type Cache, openCache } from './cache.ts';
import { type Output, outputsOf } from './outputs.ts';

export interface LintOptions {
  readonly format: readonly string[];
  readonly output: readonly string[];
  readonly rule?: readonly string[];
  readonly owner?: string;
  readonly maxWarnings?: number;
  readonly updateBaseline?: boolean;
  readonly printConfig?: string;
  readonly color: boolean;
  readonly fix?: boolean;
  readonly dryRun?: boolean;
  readonly verifyEngine?: boolean;
  readonly cache: boolean;
  readonly verifyCache?: boolean;
  readonly since?: string;
  readonly version: string;
  readonly engine?: 'auto' | 'cruise';
  readonly trustConfig?: boolean;
  readonly rules?: string;
}

/** Lints a folder and reports; returns 0 (clean), 1 (findings) or 2 (could not check). */
export async function lintCommand(path: string, options: LintOptions): Promise<number> {
  refuseIdle(options);
  if (options.verifyEngine) {
    const { verifyCommand } = await import('./verify.ts');
    return verifyCommand(path, options);
  }
  if (options.printConfig !== undefined) {
    const { printConfig } = await import('./print-config.ts');
    const { added } = await addedBy(options.rules);
    await printConfig(path, options.printConfig, async (workspace) => [
      ...added.rules,
      ...(await foreignRulesOf(path, workspace, options, false)),
    ]);
    return 0;
  }
  refuseParts(path);
  const { rule, owner, maxWarnings } = options;
  if (options.updateBaseline && (rule ?? owner ?? options.since) !== undefined) {
    throw new KnownError('A baseline is of all rules, owners and times.', {
      next: 'Run --update-baseline without --rule, --owner and --since.',
    });
  }
  const outputs = outputsOf(
    options.format,
    options.output,
    reporters.map(({ id }) => id),
  );
  const { added, identity, unknowable } = await addedBy(options.rules);
  if (unknowable !== undefined)
    note(
      `${options.rules}: nothing is kept of this run, because what it says may depend on more than files (${unknowable}).\n`,
    );
  const run = async (): Promise<Report> => {
    const workspace = diskWorkspace(path);
    const concluding = {
      workspace,
      today: new Date().toISOString().slice(0, 10),
      ...(owner !== undefined && { owner }),
      ...(maxWarnings !== undefined && { maxWarnings }),
    };
    // What dependency-cruiser says depends on more than the files that we list; --since goes on from what was read.
    const isOfFiles = options.since === undefined && !hasForeignRules(workspace, options);
    const cache =
      options.cache && unknowable === undefined
        ? openCache(path, workspace, {
            ...(identity !== undefined && { added: identity }),
            ...(isOfFiles && { question: JSON.stringify(rule ?? null) }),
            ...(options.verifyCache && { verify: true }),
          })
        : undefined;
    const known = cache?.outcome ?? (cache && (await outcomeAfter(cache, added)));
    if (known) return conclude(known, concluding);
    const { checkFolder } = await import('./check.ts');
    const foreign = await foreignRulesOf(path, workspace, options);
    const { checked, checking } = await checkFolder(workspace, { foreign, added, ...(rule && { only: rule }) }, cache);
    const report = conclude(checked, concluding);
    if (options.since === undefined) return report;
    const { sinceRevision } = await import('./since.ts');
    const kept = checking.remembering?.kept() ?? nothingKept;
    return sinceRevision(path, options.since, {
      report,
      input: { ...checking, ...concluding },
      kept,
      foreign: async (at) => {
        const { rulesOfCommit } = await import('./foreign.ts');
        return rulesOfCommit(path, at, { ...options, run: at.run });
      },
    });
  };
  // Where standard output is for a program, people read what happened beside it.
  const say = outputs.some(({ format, file }) => format !== 'text' && file === undefined) ? note : print;
  let report = await run();
  if (options.fix) {
    const { applyFixes } = await import('./fix.ts');
    await applyFixes(path, report, { dryRun: options.dryRun ?? false, print: say });
    // What is reported is what is left, seen again and not assumed.
    if (!options.dryRun) report = await run();
  }
  if (options.updateBaseline) {
    const { writeBaseline } = await import('./baseline.ts');
    writeBaseline(path, report, say);
    report = await run();
  }
  if (outputs.some(({ format }) => reporters.find(({ id }) => id === format)!.fixes)) {
    const { withFixes } = await import('../../lint/fix/fix.ts');
    report = await withFixes(report);
  }
  for (const output of outputs) write(report, output, options);
  return report.exitCode;
}

/** An option that would do nothing is a mistake, and what it should have done must not look done. */
function refuseIdle({ fix, dryRun, cache, verifyCache, verifyEngine, format, output }: LintOptions): void {
  const refuse = (message: string, next: string): never => {
    throw new KnownError(message, { next });
  };
  if (dryRun && !fix) refuse('--dry-run says what --fix would do.', 'Give --fix as well, or leave it out.');
  if (verifyCache && !cache) refuse('With --no-cache there is no cache to verify.', 'Leave --no-cache out.');
  if (verifyEngine && [...format, ...output].some((each) => each !== 'text'))
    refuse('--verify-engine is no report: it has one form.', 'Leave --format and --output out.');
}

/** What is known in spite of edits: to find it, no rule is loaded. */
async function outcomeAfter(cache: Cache, added: Added): Promise<Checked | undefined> {
  const { extractorsWith, reading } = await import('./extractors.ts');
  return reading(cache.toRead, () => cache.afterEdits(extractorsWith(added.recognisers)));
}

function write(report: Report, { format, file }: Output, { color, version }: LintOptions): void {
  const reporter = reporters.find(({ id }) => id === format)!;
  const text = reporter.render(report, { version, color: file === undefined && coloured(color) });
  if (file === undefined) print(text);
  else save(file, text, writeFileSync);
  const summary = reporter.summary && process.env[reporter.summary.variable];
  if (reporter.summary && summary) save(summary, reporter.summary.render(report), appendFileSync);
}

function save(file: string, text: string, how: (file: string, text: string) => void): void {
  try {
    how(file, text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new KnownError(`The report cannot be written: ${why}.`, {
      next: 'Give --output a file in a folder that exists.',
    });
  }
}

/** What the file that the person named adds, if there is one; loaded only then. */
async function addedBy(file: string | undefined): Promise<AddedFile> {
  if (file === undefined) return { added: { rules: [], recognisers: {} } };
  const { addedFrom } = await import('./added.ts');
  return addedFrom(file);
}

/** Rules of the repository's own dependency-cruiser configuration; they run unless only rules of ours are asked for. */
async function foreignRulesOf(
  path: string,
  workspace: Workspace,
  options: LintOptions,
  run = options.rule?.some((id) => id.startsWith(FOREIGN)) ?? true,
): Promise<readonly Rule[]> {
  if (!hasForeignRules(workspace, options)) return [];
  const { rulesOfRepository } = await import('./foreign.ts');
  return rulesOfRepository(path, workspace, { ...options, run });
}
const hasForeignRules = ({ files }: Workspace, { engine }: LintOptions): boolean =>
  engine === 'cruise' || [...files.keys()].some((file) => file.startsWith('.dependency-cruiser.'));
