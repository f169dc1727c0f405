/**
 * `npm run new rule <id>` · `template <axis> <id>` · `recogniser <language> <library>`: files that compile, registered,
 * and a test that fails until they are written. Never overwrites.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scaffolds } from './new/scaffolds.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const [kind = '', ...names] = process.argv.slice(2);
const scaffold = scaffolds[kind];
const usage = Object.entries(scaffolds).map(
  ([name, { takes }]) => `npm run new ${name} ${takes.map((one) => `<${one}>`).join(' ')}`,
);

if (!scaffold || names.length !== scaffold.takes.length) fail(`Use one of:\n  ${usage.join('\n  ')}`);
const wrong = names.find((name) => !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name));
if (wrong !== undefined)
  fail(`'${wrong}' is no name here: lower-case words joined by single hyphens, starting with a letter.`);

const files = scaffold.files(names);
const there = Object.keys(files).find((path) => existsSync(join(root, path)));
if (there) fail(`${there} exists.`);
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  console.log(path);
}
const gen = spawnSync(process.execPath, [join(root, 'scripts', 'gen.ts')], { stdio: 'inherit' });
console.log(`\n${scaffold.next(names)}`);
process.exitCode = gen.status ?? 1;

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
