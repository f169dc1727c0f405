import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { templates } from '../../../../templates/catalogue.gen.ts';
import { KnownError } from '../../../model/known-error.ts';
import { catalogueAt, templateRoot } from '../../../plan/catalogue.ts';
import { type Proven, prove } from '../../../prove/prove.ts';
import { checks, install } from '../../../prove/steps.ts';
import { writes } from '../../../write/classify.ts';
import { write } from '../../../write/write.ts';
import type { World } from '../prepare.ts';
import { progressOn } from '../progress.ts';
import { filesOf, type Skipped } from '../summary.ts';
import { askDetails, unanswered } from './ask.ts';
import { type Addition, prepare } from './prepare.ts';
import { summary } from './summary.ts';
import { requireCommitted, systemAt } from './system.ts';
import type { Request } from './things.ts';

export interface Run {
  readonly request: Request;
  readonly version: string;
  readonly signal: AbortSignal;
  /** Called when the files are in place. */
  readonly written: () => void;
}

/** find → grow → write → install → check → tell. Returns the exit code. */
export async function run({ request, version, signal, written }: Run): Promise<number> {
  const world: World = {
    catalogue: catalogueAt(templateRoot(), templates),
    choices: templates,
    version,
    linter: async () => (await (await import('../../../write/linter-tarball.ts')).linterTarball()).bytes,
    terminal: process.stdin.isTTY && process.stdout.isTTY,
  };
  const system = systemAt(process.cwd(), version);
  const [open] = unanswered(request);
  if (open && !world.terminal)
    throw new KnownError('There is no terminal to ask questions on.', {
      next: `Add --${open.key} <${open.value}>, or --yes to take every default.`,
    });
  const answered = open ? await askDetails(request, system.blueprint) : request;
  const addition = await prepare(answered, system, world);
  signal.throwIfAborted();
  if (request.dryRun) {
    const { dryRun } = await import('../dry-run.ts');
    const shown = addition.changes.filter(({ action }) => action !== 'same');
    const { directory } = addition.target;
    const result = {
      name: addition.blueprint.name,
      directory,
      added: addition.title,
      dryRun: true,
      files: filesOf(shown),
    };
    say(request.json ? JSON.stringify(result, null, 2) : dryRun(shown));
    return 0;
  }
  if (!request.force) await requireCommitted(system);

  const progress = progressOn(process.stderr);
  try {
    const { changes, target, blueprint, variables } = addition;
    const count = changes.filter(writes).length;
    progress.begin(`Writing ${count} files`);
    const began = performance.now();
    const { runYeoman } = await import('../../../../generators/app/run.ts');
    const { default: shell } = await shells[request.kind]();
    await write({
      target,
      changes,
      generator: version,
      blueprint,
      signal,
      commit: (folder, work) => runYeoman(folder, work, shell),
    });
    written();
    progress.end(`${count} files`, (performance.now() - began) / 1000);

    const bench = { directory: target.directory, blueprint, settings: variables, signal, progress };
    const { steps, skipped } = stepsOf(request, addition);
    const tell = (proven: readonly Proven[]) => say(summary({ ...addition, proven, skipped }, request.json));
    try {
      tell(steps.length > 0 ? await prove({ ...bench, steps }) : []);
    } catch (error) {
      // It is written, whatever a check says: what is left to do is told as well.
      if (!request.json) tell([]);
      throw error;
    }
    return 0;
  } finally {
    progress.close();
  }
}

const shells = {
  module: () => import('../../../../generators/module/index.ts'),
  deployable: () => import('../../../../generators/deployable/index.ts'),
  operation: () => import('../../../../generators/operation/index.ts'),
  consumer: () => import('../../../../generators/consumer/index.ts'),
  job: () => import('../../../../generators/job/index.ts'),
};

const say = (text: string) => process.stdout.write(`${text}\n`);

/** Packages are linked anew where a manifest changed or nothing is installed; then types, style and boundaries. */
function stepsOf(
  { skipInstall, skipProve }: Request,
  { changes, target }: Addition,
): { readonly steps: typeof checks; readonly skipped: readonly Skipped[] } {
  const proofs = checks.filter(({ id }) => ['typecheck', 'lint', 'arch'].includes(id));
  const left = checks.filter((step) => !proofs.includes(step));
  const skip = (steps: readonly { readonly id: string }[], why: string) => steps.map(({ id }) => ({ id, why }));
  if (skipInstall) return { steps: [], skipped: skip([install, ...proofs, ...left], '--skip-install') };
  const manifests = changes.some((change) => writes(change) && /(^|\/)package\.json$/.test(change.path));
  const installed = existsSync(join(target.directory, 'node_modules', '.package-lock.json'));
  const first = manifests || !installed ? [install] : [];
  if (skipProve) return { steps: first, skipped: skip([...proofs, ...left], '--skip-prove') };
  return { steps: [...first, ...proofs], skipped: skip(left, 'npm test and npm run dev do') };
}
