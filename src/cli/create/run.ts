import { templates } from '../../../templates/catalogue.gen.ts';
import { catalogueAt, templateRoot } from '../../plan/catalogue.ts';
import { type Proven, prove } from '../../prove/prove.ts';
import { checks, install } from '../../prove/steps.ts';
import { type Committed, firstCommit } from '../../write/git.ts';
import { show } from '../../write/target.ts';
import { write } from '../../write/write.ts';
import { dataMoves } from './changed.ts';
import type { Settings } from './flags.ts';
import { prepare } from './prepare.ts';
import { progressOn } from './progress.ts';
import { filesOf, nextCommands, type Result, type Skipped, summary } from './summary.ts';

export interface Run {
  readonly settings: Settings;
  readonly version: string;
  readonly signal: AbortSignal;
  /** Called when the files are in place: from here on an interrupt leaves a whole system. */
  readonly written: () => void;
}

/** prepare → write → install → commit → prove → tell. Returns the exit code. */
export async function run({ settings, version, signal, written }: Run): Promise<number> {
  const prepared = await prepare(settings, {
    catalogue: catalogueAt(templateRoot(), templates),
    choices: templates,
    version,
    linter: async () => (await (await import('../../write/linter-tarball.ts')).linterTarball()).bytes,
    terminal: process.stdin.isTTY && process.stdout.isTTY,
  });
  signal.throwIfAborted();
  const { blueprint, target, changes, variables } = prepared;
  const { directory } = target;
  if (settings.dryRun) {
    const files = filesOf(changes);
    const { name } = blueprint;
    const { dryRun } = await import('./dry-run.ts');
    say(settings.json ? JSON.stringify({ name, directory, dryRun: true, files }, null, 2) : dryRun(changes));
    return 0;
  }

  const progress = progressOn(process.stderr);
  const began = performance.now();
  progress.begin(`Writing ${changes.length} files`);
  try {
    // Loading Yeoman is most of the time that writing takes, and nothing before needs it.
    const { runYeoman } = await import('../../../generators/app/run.ts');
    await write({ target, changes, generator: version, blueprint, signal, commit: runYeoman });
    written();
    progress.end(`${changes.length} files in ${show(directory)}`, (performance.now() - began) / 1000);

    const bench = { directory, blueprint, settings: variables, signal };
    const proven: Proven[] = [];
    let git: Committed = { done: false, note: 'no repository, as you asked' };
    try {
      if (!settings.skipInstall) proven.push(...(await prove({ ...bench, progress, steps: [install] })));
    } finally {
      if (settings.git) git = await firstCommit(directory, `${blueprint.name}, as generated`);
    }
    const skipped = skippedBy(settings);
    if (skipped.length === 0) proven.push(...(await prove({ ...bench, progress, steps: checks })));

    const result: Result = {
      name: blueprint.name,
      directory,
      files: filesOf(changes),
      git,
      proven,
      skipped,
      data: dataMoves(target.lock?.blueprint, blueprint),
      next: nextCommands(directory, !settings.skipInstall),
    };
    say(settings.json ? JSON.stringify(result, null, 2) : summary(result, blueprint, changes, target.lock?.blueprint));
    if (!settings.start) return 0;
    const { foreground } = await import('../../prove/foreground.ts');
    return await foreground({ ...bench, say: (text) => process.stderr.write(`${text}\n`) });
  } finally {
    progress.close();
  }
}

const say = (text: string) => process.stdout.write(`${text}\n`);

function skippedBy({ skipInstall, skipProve }: Settings): Skipped[] {
  if (skipInstall) return [install, ...checks].map(({ id }) => ({ id, why: '--skip-install' }));
  if (skipProve) return checks.map(({ id }) => ({ id, why: '--skip-prove' }));
  return [];
}
