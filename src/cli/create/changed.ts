import pc from 'picocolors';
import { dataSteps, type Move, movesBetween, removedBetween, type Step } from '../../blueprint/moves.ts';
import { snake } from '../../blueprint/names.ts';
import type { Blueprint } from '../../blueprint/schema.ts';
import type { Change } from '../../write/classify.ts';

/** A module whose data has to follow it, and how. */
export interface DataMove extends Move {
  readonly steps: readonly Step[];
}

export const dataMoves = (before: Blueprint | undefined, after: Blueprint): readonly DataMove[] =>
  before ? movesBetween(before, after).map((move) => ({ ...move, steps: dataSteps(move) })) : [];

/** What a person has to know about data; no data is moved or removed here. */
export function dataLines(moves: readonly DataMove[]): string[] {
  if (moves.length === 0) return [];
  const [first, ...more] = moves;
  return [
    ...[first!, ...more].map(
      ({ module, schema, from, to }) => `  ${pc.yellow('→')} ${module} from ${from} to ${to}: schema "${schema}"`,
    ),
    '  In development all modules share one database, and nothing is to do. In production, with the DATABASE_URL of',
    `  ${first!.from} as FROM and that of ${first!.to} as TO, for ${first!.module}:`,
    ...first!.steps.flatMap(({ what, command }, index) => [
      `  ${index + 1}. ${what}`,
      ...(command ? [`     ${pc.cyan(command)}`] : []),
    ]),
    ...(more.length > 0
      ? [`  The same for ${more.map(({ module }) => module).join(', ')}; --json has every command.`]
      : []),
  ];
}

export const removedLines = (before: Blueprint | undefined, after: Blueprint): string[] =>
  before
    ? removedBetween(before, after).map(
        ({ name }) => `  ${name} is gone, and its data is where it was: the schema "${snake(name)}".`,
      )
    : [];

const signs = { create: pc.green('+'), update: pc.yellow('~'), merge: pc.yellow('&'), delete: pc.red('-') } as const;

/** One line a file, or one for a folder to which the same happened as a whole. */
export function changedLines(changes: readonly Change[]): string[] {
  const folders = Map.groupBy(changes, ({ path }) => path.split('/').slice(0, 2).join('/'));
  return [...folders].flatMap(([folder, files]) => {
    const action = files[0]!.action;
    const sign = ({ action: one }: Change) => signs[one as keyof typeof signs];
    if (files.length > 3 && files.every((file) => file.action === action))
      return [`  ${sign(files[0]!)} ${folder}/ ${pc.dim(`${files.length} files`)}`];
    return files.map((file) => `  ${sign(file)} ${file.path}`);
  });
}

/** A section of a summary, where it has any lines. */
export const section = (head: string, lines: readonly string[]): string[] =>
  lines.length > 0 ? ['', head, ...lines] : [];
