/**
 * `npm run lock`: adds what npm leaves out of the lock file, so that `npm ci` works on every platform.
 */
import { fileURLToPath } from 'node:url';
import { completeLockFile } from '../src/prove/lock-file.ts';

const added = completeLockFile(fileURLToPath(new URL('../package-lock.json', import.meta.url)));
console.log(added.length > 0 ? `added ${added.join(', ')}` : 'the lock file is complete');
