import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

// Gives compose.yaml its .env: the text of .env.example with a random value for every variable that is empty there.
// A variable that an existing .env lacks is added at its end; what is there stays as it is.
const target = new URL('.env', import.meta.url);
const example = readFileSync(new URL('.env.example', import.meta.url), 'utf8');
const current = existsSync(target) ? readFileSync(target, 'utf8') : undefined;

const empty = /^([A-Z][A-Z0-9_]*)=$/gm;
const filled = (name: string) => `${name}=${randomBytes(24).toString('hex')}`;

if (current === undefined) {
  writeFileSync(
    target,
    example.replace(empty, (_, name: string) => filled(name)),
    { flag: 'wx', mode: 0o600 },
  );
  process.stdout.write('Wrote deploy/compose/.env with fresh secrets.\n');
} else {
  const needed = [...example.matchAll(empty)].map(([, name = '']) => name);
  const missing = needed.filter((name) => !new RegExp(`^${name}=.`, 'm').test(current));
  if (missing.length > 0) {
    writeFileSync(target, `${current.trimEnd()}\n${missing.map(filled).join('\n')}\n`);
    process.stdout.write(`Added ${missing.join(', ')} to deploy/compose/.env.\n`);
  }
}
