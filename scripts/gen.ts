/**
 * `npm run gen`: writes what is derived from the folders, rules, templates, schema and programs.
 * `npm run gen -- --check` writes nothing, names stale files and exits 1.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { catalogues } from './gen/catalogues.ts';
import { choices } from './gen/choices.ts';
import { reference } from './gen/reference.ts';
import { schema } from './gen/schema.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');

const stale: string[] = [];
// Catalogues first: what follows imports them.
for (const produce of [...catalogues, choices, schema, reference]) {
  for (const { path, text } of await produce(root)) {
    const file = join(root, path);
    if ((await readFile(file, 'utf8').catch(() => undefined)) === text) continue;
    stale.push(path);
    if (check) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}
for (const path of stale) console.log(`${check ? 'stale' : 'wrote'}: ${path}`);
if (check && stale.length > 0) {
  console.log('Run `npm run gen` and commit the result.');
  process.exitCode = 1;
}
