// `npm start`: installs what is missing, then runs the generator under Node 24 with the same arguments.
import { join } from 'node:path';
import { install, root, runNode } from './bootstrap.mjs';

await install();
const program = join(root, 'bin', 'create-scalable-backend.ts');
// npm runs scripts in the package's folder; a relative directory means the one where the person is.
const cwd = process.env.INIT_CWD ?? process.cwd();
process.exitCode = await runNode([program, ...process.argv.slice(2)], cwd);
