/**
 * Runs specifications of dependency-cruiser in a process of its own, with its installed sources and a runner of forty
 * lines for what they use of theirs: `node cruiser-specs.ts <folder> native|original <specification…>`, results as JSON.
 */
import { existsSync, symlinkSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundledTypeScript, substitute } from '../../../src/lint/dependency-cruiser/child.ts';
import { importsOf } from '../../../src/lint/dependency-cruiser/compat/imports.ts';
import { extractByCompiler } from '../../../src/lint/dependency-cruiser/run.ts';

export interface SpecResult {
  readonly title: string;
  /** `fallback`: this case is not for our extraction; the original one has to answer it. */
  readonly outcome: 'passed' | 'failed' | 'fallback';
  readonly error?: string;
}
class Fallback extends Error {}

const [folder, route, ...specs] = process.argv.slice(2) as [string, 'native' | 'original', ...string[]];
process.chdir(folder);
const fallbacks: string[] = [];
const own: Record<string, unknown> = {
  extractTypescript(source: string, exoticRequireStrings: string[], jsDoc: boolean, builtin: boolean) {
    const found = importsOf('file.ts', source, {
      exoticRequireStrings,
      detectJSDocImports: jsDoc,
      detectProcessBuiltinModuleCalls: builtin,
    });
    if (!found) throw new Fallback();
    return found;
  },
  // Files of their repository that this suite runs anyway; `JSON` refuses their comments and bare keys.
  json5: { parse: (text: string) => new Function(`return (${text});`)() as unknown },
  symlinkDir: async (target: string, link: string) => {
    if (!existsSync(link)) symlinkSync(target, link);
  },
};
(globalThis as Record<string, unknown>).cruiserSpecs = own;
const exporting = (name: string) => ({
  url: `data:text/javascript,export default globalThis.cruiserSpecs.${name}`,
  shortCircuit: true,
});
if (route === 'native') await substitute(fallbacks, extractByCompiler);
else bundledTypeScript();
registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'symlink-dir') return exporting('symlinkDir');
    if (specifier === 'json5') return exporting('json5');
    if (route === 'native' && specifier.endsWith('/extract-typescript.utl.mjs')) return exporting('extractTypescript');
    return next(specifier, context);
  },
});

type Work = (done?: (error?: unknown) => void) => unknown;
const tests: { readonly title: string; readonly work: Work }[] = [];
const hooks: Record<'before' | 'after' | 'beforeEach' | 'afterEach', Work[]> = {
  before: [],
  after: [],
  beforeEach: [],
  afterEach: [],
};
const titles: string[] = [];
Object.assign(globalThis, {
  describe(title: string, body: () => void) {
    titles.push(title);
    body();
    titles.pop();
  },
  it: (title: string, work: Work) => tests.push({ title: [...titles, title].join(' › '), work }),
  ...Object.fromEntries(Object.entries(hooks).map(([name, list]) => [name, (work: Work) => list.push(work)])),
});
const perform = (work: Work): unknown =>
  work.length === 0
    ? work()
    : new Promise<void>((resolve, reject) => void work((error) => (error ? reject(error) : resolve())));
const all = async (works: readonly Work[]) => {
  for (const work of works) await perform(work);
};

for (const spec of specs) await import(pathToFileURL(join(folder, spec)).href);
await all(hooks.before);
const results: SpecResult[] = [];
for (const { title, work } of tests) {
  await all(hooks.beforeEach);
  try {
    await perform(work);
    results.push({ title, outcome: 'passed' });
  } catch (error) {
    if (error instanceof Fallback) results.push({ title, outcome: 'fallback' });
    else results.push({ title, outcome: 'failed', error: String((error as Error).message).slice(0, 400) });
  }
  await all(hooks.afterEach);
}
await all(hooks.after);
process.stdout.write(JSON.stringify(results));
