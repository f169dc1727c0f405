import pc from 'picocolors';
import type { Proven } from '../../../prove/prove.ts';
import { writes } from '../../../write/classify.ts';
import { show } from '../../../write/target.ts';
import { changedLines, dataLines, section } from '../changed.ts';
import { seconds } from '../progress.ts';
import { filesOf, type Skipped } from '../summary.ts';
import type { Addition } from './prepare.ts';

/** Everything that an addition did. */
export interface Added extends Addition {
  readonly proven: readonly Proven[];
  readonly skipped: readonly Skipped[];
}
/** What was done, what was kept, and what is left to a person; `--json` prints the same as data. */
export function summary(added: Added, asJson: boolean): string {
  const { blueprint, target, title, changes, notes, todo, data, proven, skipped } = added;
  const installed = proven.length > 0 || skipped.every(({ why }) => why !== '--skip-install');
  const next = nextCommands(target.directory, installed);
  if (asJson) {
    const { name } = blueprint;
    const files = filesOf(changes.filter(({ action }) => action !== 'same'));
    return JSON.stringify(
      { name, directory: target.directory, added: title, files, notes, todo, data, proven, skipped, next },
      null,
      2,
    );
  }
  const written = changes.filter(writes);
  const kept = changes.filter(
    ({ action, why }) => action === 'keep' && why !== 'you edited it' && why !== 'you deleted it',
  );
  const width = Math.max(...next.map(({ command }) => command.length));
  const where = show(target.directory) === '.' ? '' : ` in ${show(target.directory)}`;
  return [
    '',
    `${pc.bold(pc.green(title))} is added to ${pc.bold(blueprint.name)}${where}.`,
    ...section('Written:', changedLines(written)),
    ...section(
      'Kept as they are:',
      kept.map(({ path, why }) => `  ${pc.magenta('!')} ${path} ${pc.dim(why ?? '')}`),
    ),
    ...section(
      'What else changed:',
      notes.map((line) => `  ${line}`),
    ),
    ...section('Data does not move by itself:', dataLines(data)),
    ...section(
      'Proven:',
      proven.map(({ done, seconds: took }) => `  ${pc.green('✔')} ${done} ${pc.dim(seconds(took))}`),
    ),
    ...section(
      'Not proven:',
      [...Map.groupBy(skipped, ({ why }) => why)].map(
        ([why, steps]) => `  ${pc.yellow('–')} ${steps.map(({ id }) => id).join(', ')} ${pc.dim(`(${why})`)}`,
      ),
    ),
    ...section(
      'What is yours to do:',
      todo.map((line) => `  ${pc.cyan('•')} ${line}`),
    ),
    ...section(
      'Next:',
      next.map(({ command, what }) => `  ${pc.cyan(command.padEnd(width))}  ${pc.dim(what)}`),
    ),
    '',
  ].join('\n');
}

function nextCommands(directory: string, installed: boolean) {
  const enter = show(directory) === '.' ? '' : `cd ${show(directory)} && `;
  const first = installed ? '' : 'npm install && ';
  return [
    { command: `${enter}git diff`, what: 'what changed in files that were there' },
    { command: `${enter}${first}npm test`, what: 'the tests of what was added, and all others' },
    { command: `${enter}npm run arch`, what: 'boundaries and anti-patterns, checked as in every pull request' },
  ];
}
