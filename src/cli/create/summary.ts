import pc from 'picocolors';
import type { Blueprint } from '../../blueprint/schema.ts';
import type { Proven } from '../../prove/prove.ts';
import { type Change, writes } from '../../write/classify.ts';
import { show } from '../../write/target.ts';
import { changedLines, type DataMove, dataLines, removedLines, section } from './changed.ts';
import { seconds } from './progress.ts';

export interface Skipped {
  readonly id: string;
  readonly why: string;
}
/** Everything that a run did; `--json` prints it as it is. */
export interface Result {
  readonly name: string;
  readonly directory: string;
  readonly files: readonly { readonly path: string; readonly action: Change['action']; readonly why?: string }[];
  readonly git: { readonly done: boolean; readonly note: string };
  readonly proven: readonly Proven[];
  readonly skipped: readonly Skipped[];
  /** Modules that another deployable hosts now, and how their data follows them. */
  readonly data: readonly DataMove[];
  readonly next: readonly { readonly command: string; readonly what: string }[];
}

export function filesOf(changes: readonly Change[]): Result['files'] {
  return changes.map(({ path, action, why }) => ({ path, action, ...(why ? { why } : {}) }));
}

/** The three commands to try, for a system that is installed or not. */
export function nextCommands(directory: string, installed: boolean): Result['next'] {
  const enter = show(directory) === '.' ? '' : `cd ${quoted(show(directory))} && `;
  const first = installed ? '' : 'npm install && ';
  return [
    { command: `${enter}${first}npm run dev`, what: 'every module in one process, restarted when you save' },
    { command: 'npm run token', what: 'a token of the development issuer, for the first request' },
    { command: 'npm run arch', what: 'boundaries and anti-patterns, checked as in every pull request' },
  ];
}
const quoted = (path: string) => (/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);

/** `before`: what was there, where the system was generated again. */
export function summary(
  result: Result,
  blueprint: Blueprint,
  changes: readonly Change[],
  before: Blueprint | undefined,
): string {
  const { modules, deployables, stack } = blueprint;
  const written = changes.filter(writes).length;
  const kept = changes.filter(({ action, why }) => action === 'keep' && why !== 'you edited it');
  const names = modules.map(({ name, uses }) => (uses.length > 0 ? `${name} → ${uses.join(', ')}` : name));
  const lines = [
    '',
    `${pc.bold(pc.green(result.name))} is in ${pc.bold(show(result.directory))}: ${written} ${written === 1 ? 'file' : 'files'}, ${result.git.note}.`,
    `  ${row('modules', names.join(' · '))}`,
    `  ${row('runs as', deployables.map(({ name, kind }) => `${name} (${kind})`).join(', '))}`,
    `  ${row('built on', builtOn(stack).join(', '))}`,
  ];
  lines.push(
    ...(before ? section('Written:', changedLines(changes.filter(writes))) : []),
    ...section(
      'Kept as they are:',
      kept.map(({ path, why }) => `  ${pc.magenta('!')} ${path} ${pc.dim(why ?? '')}`),
    ),
    ...section('Data does not move by itself:', dataLines(result.data)),
    ...section('Data is not removed:', removedLines(before, blueprint)),
  );
  if (result.proven.length > 0)
    lines.push(
      '',
      'Proven:',
      ...result.proven.map(({ done, seconds: took }) => `  ${pc.green('✔')} ${done} ${pc.dim(seconds(took))}`),
    );
  if (result.skipped.length > 0)
    lines.push(
      '',
      'Not proven:',
      ...[...Map.groupBy(result.skipped, ({ why }) => why)].map(
        ([why, steps]) => `  ${pc.yellow('–')} ${steps.map(({ id }) => id).join(', ')} ${pc.dim(`(${why})`)}`,
      ),
    );
  const width = Math.max(...result.next.map(({ command }) => command.length));
  lines.push(
    '',
    'Try next:',
    ...result.next.map(({ command, what }) => `  ${pc.cyan(command.padEnd(width))}  ${pc.dim(what)}`),
    '',
  );
  return lines.join('\n');
}
/** What is in the process anyway says nothing. */
const builtOn = ({ framework, database, cache, broker }: Blueprint['stack']): readonly string[] => [
  framework,
  database,
  `${cache} cache`,
  ...(broker === 'memory' ? [] : [broker]),
];
const row = (label: string, value: string) => `${pc.dim(label.padEnd(9))} ${value}`;
