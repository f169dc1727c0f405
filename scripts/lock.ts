/**
 * `npm run lock`: adds what npm leaves out of the lock file, so that `npm ci` works on every platform.
 * npm drops optional packages for other platforms when a registry does not serve them (mirrors rarely have them all);
 * `npm ci` then refuses the lock file. Their version is the parent's exact one, their platform is in their name.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { complete, type LockFile } from './lock/complete.ts';

const path = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const lock = JSON.parse(readFileSync(path, 'utf8')) as LockFile;
const { completed, added } = complete(lock);
if (added.length > 0) writeFileSync(path, `${JSON.stringify(completed, null, 2)}\n`);
console.log(added.length > 0 ? `added ${added.join(', ')}` : 'the lock file is complete');
