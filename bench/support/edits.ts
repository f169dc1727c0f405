import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lint, render, Session } from '../../src/api.ts';
import { diskWorkspace } from '../../src/extract/workspace/disk.ts';
import { overlay } from '../../src/extract/workspace/overlay.ts';

/** Texts that change what is imported, called, exported or understood; `other` is a file of another module. */
const texts = (other: string): readonly string[] => [
  'export const a = 1;\n',
  'export const a = 2;\n',
  `import { x } from '../../${other}';\nexport { x };\n`,
  `import type { x } from '../../${other}';\nexport type y = x;\n`,
  "import { version } from '../../m1/src/contract.ts';\nexport const a = version;\n",
  "import './nowhere.ts';\n",
  "export const call = () => fetch('https://a.example/orders');\n",
  "import axios from 'axios';\nexport const client = axios.create({ timeout: 1000 });\n",
  "import { client } from './file1.ts';\nexport const got = () => client.get('http://b.example');\n",
  'const = ;\n',
  '// scalable-backend-ignore missing-timeout: it is a test (me) until 2999-01-01\nfetch("https://c.example");\n',
];

/**
 * Edits a `system` of some modules at random (in the editor, on the disk, new files, removed files), and compares what one
 * session says after each edit with what a fresh run says. Returns the numbers of the edits after which they differ.
 */
export async function randomEdits(
  root: string,
  modules: number,
  size: number,
  count: number,
  seed: number,
): Promise<readonly number[]> {
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const file = () => `modules/m${random(modules)}/src/${random(8) === 0 ? 'contract' : `file${1 + random(size)}`}.ts`;
  const session = new Session(root);
  const unsaved = new Map<string, string | undefined>();
  const set = (path: string, text: string | undefined) => {
    session.update(path, text);
    unsaved.set(path, text);
  };
  const architecture = readFileSync(join(root, 'architecture.yaml'), 'utf8');
  const differing: number[] = [];
  for (let i = 0; i < count; i++) {
    const path = file();
    const all = texts(file());
    const kind = random(12);
    if (kind === 0) set(path, undefined);
    else if (kind === 1) {
      session.saved(path);
      unsaved.delete(path);
    } else if (kind < 4) {
      writeFileSync(join(root, path), all[random(all.length)]!);
      session.saved(path);
      unsaved.delete(path);
    } else if (kind === 4)
      set('architecture.yaml', architecture.replace(', uses: [m0]', random(2) === 0 ? '' : ', uses: [m0]'));
    else if (kind === 5) set(path.replace('.ts', `${random(3)}.tsx`), all[random(all.length)]);
    else set(path, all[random(all.length)]);
    const fresh = lint(overlay(diskWorkspace(root), unsaved));
    if (render(await session.lint(), 'json') !== render(await fresh, 'json')) differing.push(i);
  }
  return differing;
}
