/**
 * `npm run check:generated`: renders the pairwise set of systems, the shortest and the longest names among them, beside
 * one shared `node_modules`, and runs the type-check and the lint that each system ships with on it.
 * Arguments select systems by a part of their title. `KEEP=1` leaves the trees.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { Blueprint } from '../src/blueprint/schema.ts';
import type { Plan } from '../src/plan/plan.ts';
import { cleanEnvironment } from '../src/prove/process.ts';
import { blueprintOf, graphs, monoliths, pairwise, planOf, unusual } from '../test/support/blueprints.ts';

const run = promisify(execFile);

interface Case {
  readonly title: string;
  readonly blueprint: Blueprint;
}
const wanted = process.argv.slice(2);
const complete = monoliths.at(-1)!;
const cases: Case[] = [
  ...unusual.map((graph) => ({ title: `names ${graph.id}`, blueprint: blueprintOf(complete, graph, graph.name) })),
  ...pairwise.map((combination, index) => {
    const graph = graphs[index % graphs.length]!;
    return { title: `${graph.id} ${combination.title}`, blueprint: blueprintOf(combination, graph) };
  }),
].filter(({ title }) => wanted.every((word) => title.includes(word)));

const plans = cases.map(({ title, blueprint }) => ({ title, plan: planOf(blueprint) }));
const checkout = createHash('sha256')
  .update(import.meta.dirname)
  .digest('hex')
  .slice(0, 8);
const home = join(tmpdir(), `create-scalable-backend-check-${userInfo().uid}-${checkout}`);
const shared = await sharedPackages(plans.map(({ plan }) => plan));
const failures: { readonly title: string; readonly output: string }[] = [];
for (const [index, { title, plan }] of plans.entries()) {
  const began = performance.now();
  const tree = join(shared, 'trees', String(index));
  writeTree(plan, tree);
  const outputs = await Promise.all(['typecheck', 'lint'].map((script) => npmRun(tree, script)));
  const failed = outputs.filter((output) => output !== undefined);
  console.log(
    `${failed.length === 0 ? 'ok  ' : 'FAIL'} ${title} (${((performance.now() - began) / 1000).toFixed(1)} s)`,
  );
  failures.push(...failed.map((output) => ({ title, output })));
  if (!process.env.KEEP) rmSync(tree, { recursive: true, force: true });
}
if (failures.length > 0) {
  // One mistake in a template fails many systems alike: it is shown once.
  for (const [output, same] of Map.groupBy(failures, (failure) => failure.output))
    console.log(`\n${same.map(({ title }) => title).join('\n')}\n${output}`);
  process.exitCode = 1;
}

/** A folder whose `node_modules` has every package that any of the systems needs; kept while they need the same. */
async function sharedPackages(all: readonly Plan[]): Promise<string> {
  const versions = new Map<string, string>();
  for (const file of all.flat().filter(({ path }) => /(^|\/)package\.json$/.test(path))) {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(String(file.content));
    for (const [name, version] of Object.entries<string>({ ...dependencies, ...devDependencies })) {
      if (version.startsWith('file:') || version === '0.0.0' || version === '*') continue;
      const other = versions.get(name);
      if (other !== undefined && other !== version) throw new Error(`${name} is wanted as ${other} and as ${version}.`);
      versions.set(name, version);
    }
  }
  // Tools run under the Node of this process, so the one that systems bring is not installed again.
  versions.delete('node');
  const manifest = JSON.stringify({
    private: true,
    type: 'module',
    dependencies: Object.fromEntries([...versions].sort()),
  });
  const folder = join(home, createHash('sha256').update(manifest).digest('hex').slice(0, 16));
  const done = join(folder, 'installed');
  if (!existsSync(done)) {
    rmSync(home, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), manifest);
    await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock'], {
      cwd: folder,
      env: cleanEnvironment(),
    });
    writeFileSync(done, '');
  }
  return folder;
}

/** Writes a plan and links its own packages, as `npm install` does with workspaces. */
function writeTree(plan: Plan, tree: string): void {
  rmSync(tree, { recursive: true, force: true });
  for (const { path, content } of plan) {
    const file = join(tree, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' || content instanceof Uint8Array ? content : '');
    if (!path.endsWith('/package.json')) continue;
    const link = join(tree, 'node_modules', JSON.parse(String(content)).name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(relative(dirname(link), dirname(file)), link, 'dir');
  }
}

async function npmRun(tree: string, script: string): Promise<string | undefined> {
  try {
    await run('npm', ['run', '--silent', script], { cwd: tree, env: cleanEnvironment(), maxBuffer: 1 << 26 });
    return undefined;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return `npm run ${script}\n${stdout}${stderr}`.trimEnd();
  }
}
