import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

// Creates .env for a first start: .env.example with a random value for every variable that is empty there.
const example = new URL('.env.example', import.meta.url);
const target = new URL('.env', import.meta.url);

if (!existsSync(target)) {
  const text = readFileSync(example, 'utf8').replace(
    /^([A-Z][A-Z0-9_]*)=$/gm,
    (_, name: string) => `${name}=${randomBytes(24).toString('hex')}`,
  );
  writeFileSync(target, text, { flag: 'wx', mode: 0o600 });
  process.stdout.write('Created deploy/compose/.env with fresh secrets.\n');
}
