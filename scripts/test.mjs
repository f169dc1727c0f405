// `npm test`: installs what is missing, then runs the fast suites under Node 24; arguments are passed on to Vitest.
import { join } from 'node:path';
import { install, root, runNode } from './bootstrap.mjs';

const fast = ['unit', 'rules', 'golden', 'laws'];
await install();
process.exitCode = await runNode([
  join(root, 'node_modules', 'vitest', 'vitest.mjs'),
  'run',
  ...fast.flatMap((project) => ['--project', project]),
  ...process.argv.slice(2),
]);
