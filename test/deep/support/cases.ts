import fc from 'fast-check';
import type { Path } from '../../../src/model/facts.ts';
import { type Material, projects, samples } from './corpus.ts';
import { type Edit, HOW_MANY, mutated } from './mutations.ts';

/** A repository that nobody wrote on purpose, as numbers: small, and easy to make smaller. */
export interface Case {
  readonly project: number;
  readonly added: readonly number[];
  readonly edits: readonly Edit[];
  readonly moves: readonly { readonly file: number; readonly to: number }[];
}
const edit = fc.record({
  file: fc.nat(60),
  how: fc.nat(HOW_MANY - 1),
  at: fc.nat(1000),
  length: fc.integer({ min: 1, max: 120 }),
  times: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 8 }) }, fc.integer({ min: 9, max: 90 })),
  which: fc.nat(999),
});
export const anyCase: fc.Arbitrary<Case> = fc.record({
  project: fc.nat(projects.length),
  added: fc.array(fc.nat(samples.length - 1), { maxLength: 4 }),
  edits: fc.array(edit, { minLength: 1, maxLength: 6 }),
  moves: fc.array(fc.record({ file: fc.nat(60), to: fc.nat(999) }), { maxLength: 2 }),
});

/** Names that some language claims, and names that none expects. */
const places: readonly ((path: Path) => Path)[] = [
  ...['ts', 'tsx', 'cjs', 'd.ts', 'vue', 'py', 'java', 'yaml', 'json', 'prisma', 'env'].map(
    (ending) => (path: Path) => path.replace(/(?:\.[^./]*)?$/, `.${ending}`),
  ),
  ...['compose.yaml', 'Dockerfile', 'template.yaml', '.env', 'package.json', 'tsconfig.json', 'architecture.yml'].map(
    (name) => (path: Path) => path.replace(/[^/]*$/, name),
  ),
  ...['architecture.yaml', 'architecture.yml', 'CODEOWNERS', '.dependency-cruiser.json', '.dependency-cruiser.ts'].map(
    (name) => () => name,
  ),
  ...['.github/workflows/x.yml', '.scalable-backend/baseline.json', 'package.json', 'pom.xml'].map(
    (name) => () => name,
  ),
  ...[
    ' ',
    '-',
    '__proto__',
    'constructor',
    'a\u001b[31m',
    'a\nb',
    '\u202e',
    '::error::',
    'é',
    '[x]',
    '{a,b}',
    '*',
  ].flatMap((name) => [
    (path: Path) => `${name}/${path}`,
    (path: Path) => path.replace(/[^/]*?(?=\.[^./]*$|$)/, name),
    (path: Path) => path.replace(/^[^/]*(?=\/)/, name),
  ]),
];

/** The files of a case, by path. */
export function filesOf({ project, added, edits, moves }: Case): ReadonlyMap<Path, Buffer> {
  const base: readonly Material[] = projects[project] ?? [];
  // Where a file of the project has the name of a sample, the sample stands for it: it is there to be read.
  const byPath = new Map([...base, ...added.map((i) => samples[i]!)].map((file) => [file.path, file]));
  const files = byPath.size > 0 ? mutated([...byPath.values()], edits) : [];
  const moved = new Map(files.map(({ path }) => [path, path]));
  for (const { file, to } of moves) {
    const at = files[file % files.length]?.path;
    if (at !== undefined) moved.set(at, places[to % places.length]!(moved.get(at)!));
  }
  return new Map(files.map(({ path, bytes }) => [moved.get(path)!, bytes]));
}
