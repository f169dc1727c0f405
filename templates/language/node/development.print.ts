import { packageOf } from '../../../src/blueprint/names.ts';
import type { Blueprint } from '../../../src/blueprint/schema.ts';
import type { Intent, PlannedFile, SystemSpec } from '../../../src/plan/template.ts';
import { hostsOf, wiring } from './wiring.print.ts';

const from = ['language/node'];

/**
 * What runs every module in one process, in every style: the only deployable, or a composition for development.
 * `main`: the program, relative to the root. `wiring`: its composition, as a file of `tests/` imports it.
 */
export function inOneProcess(blueprint: Blueprint): { readonly main: string; readonly wiring: string } {
  const [only, ...more] = hostsOf(blueprint);
  if (only?.kind === 'server' && more.length === 0)
    return { main: `${only.path}/main.ts`, wiring: `${packageOf(blueprint.name, only)}/wiring` };
  return { main: 'dev/main.ts', wiring: '../dev/wiring.gen.ts' };
}

export function developmentIntents(blueprint: Blueprint): Intent[] {
  const { main } = inOneProcess(blueprint);
  const split = main.startsWith('dev/');
  const script = (name: string, run: string, doc: string): Intent => ({
    is: 'script',
    language: 'node',
    name,
    run,
    doc,
  });
  return [
    script(
      'dev',
      `node --watch --watch-preserve-output ${main} dev | pino-pretty --singleLine --ignore pid,hostname,service --translateTime HH:MM:ss.l`,
      `Starts ${split ? 'every module in one process' : 'the system'}, and again after each change.`,
    ),
    script(
      'start',
      `node ${main}`,
      split ? 'Starts every module in one process.' : 'Starts the system as production does.',
    ),
    script(
      'migrate',
      `node ${main} migrate`,
      'Brings the database up to date; production does it before each release.',
    ),
    script(
      'token',
      `node ${main} token`,
      'Prints a token of the development issuer: `-- --sub me --scope "a:read a:write"`.',
    ),
  ];
}

export function development(system: SystemSpec): PlannedFile[] {
  const { blueprint } = system;
  if (inOneProcess(blueprint).main !== 'dev/main.ts') return [];
  const main = `import { run } from '@${blueprint.name}/platform/host';
import { wiring } from './wiring.gen.ts';

await run(wiring);
`;
  const all = {
    name: 'dev',
    framework: blueprint.stack.framework,
    hosts: blueprint.modules.map(({ name }) => name),
    peers: [],
  };
  return [
    { path: 'dev/main.ts', content: main, owner: 'team', from },
    { path: 'dev/wiring.gen.ts', content: wiring(system, all), owner: 'tool', from },
  ];
}
