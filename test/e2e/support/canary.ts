import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Catalogue, joined } from '../../../src/plan/catalogue.ts';
import { plan } from '../../../src/plan/plan.ts';
import { linterTarball } from '../../../src/write/linter-tarball.ts';
import { nodeHttp } from '../../canaries/node-http/template.ts';
import { blueprintOf, catalogue, graphs, monoliths, release } from '../../support/blueprints.ts';
import { folder, nodeEnv, root } from './packages.ts';
import { succeed } from './processes.ts';
import { describeSystem, type GeneratedSystem } from './system.ts';

/** Templates that only tests have: `test/canaries/<id>/`. */
const canaries: Catalogue = {
  templates: [nodeHttp],
  overlay({ id }, from) {
    const at = join(root, 'test', 'canaries', id, from);
    return readdirSync(at).map((path) => ({ path, content: readFileSync(join(at, path), 'utf8') }));
  },
};

/** A system on the `node:http` framework, planned with one more template and nothing else, and installed. */
export async function canarySystem(): Promise<GeneratedSystem> {
  const [graph, combination] = [graphs.find(({ id }) => id === 'chain'), monoliths.at(-1)];
  if (!graph || !combination) throw new Error('the graphs and monoliths of the tests have changed');
  const choices = { ...combination.choices, framework: nodeHttp.id };
  const files = plan(blueprintOf({ choices }, graph), joined(catalogue, canaries), release);
  const dir = join(await folder('canary'), 'system');
  const { bytes } = await linterTarball();
  for (const { path, content } of files) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), typeof content === 'string' || content instanceof Uint8Array ? content : bytes);
  }
  await succeed('npm', ['install', '--no-audit', '--no-fund'], { cwd: dir, env: nodeEnv() });
  return describeSystem(dir);
}
