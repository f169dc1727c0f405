import { createTwoFilesPatch } from 'diff';
import pc from 'picocolors';
import { normalised } from '../../write/blob.ts';
import { type Change, writes } from '../../write/classify.ts';

const signs: Readonly<Record<Change['action'], string>> = {
  create: pc.green('+'),
  update: pc.yellow('~'),
  merge: pc.yellow('&'),
  delete: pc.red('-'),
  same: pc.dim('='),
  keep: pc.magenta('!'),
};

/** The tree, one sign a file, then the difference of every text file that is there and would change. */
export function dryRun(changes: readonly Change[]): string {
  const legend = '+ create  ~ update  & merge  - delete  = same  ! keep';
  return [
    tree(changes),
    pc.dim(legend),
    ...changes.filter((change) => change.before && writes(change)).map(difference),
  ].join('\n');
}

function tree(changes: readonly Change[]): string {
  const lines: string[] = [];
  let open: string[] = [];
  for (const { path, action, why } of changes) {
    const folders = path.split('/').slice(0, -1);
    let shared = 0;
    while (shared < folders.length && folders[shared] === open[shared]) shared++;
    for (let depth = shared; depth < folders.length; depth++) lines.push(`  ${'  '.repeat(depth)}${folders[depth]}/`);
    open = folders;
    const note = why ? pc.dim(` (${why})`) : '';
    lines.push(`${signs[action]} ${'  '.repeat(folders.length)}${path.split('/').at(-1)}${note}`);
  }
  return lines.join('\n');
}

function difference({ path, before, file, merged, action }: Change): string {
  const now = normalised(before ?? '');
  const next = merged ?? file?.content ?? '';
  if (now.includes(0) || typeof next !== 'string') return `${path}: other bytes`;
  return createTwoFilesPatch(path, action === 'delete' ? '/dev/null' : path, now.toString('utf8'), next);
}
