// Printed from architecture.yaml: bundles each set of functions. Do not edit.
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

const sets = ['deployables/catalog'];

for (const set of sets) {
  await rm(`${set}/dist`, { recursive: true, force: true });
  await build({
    entryPoints: [`${set}/functions.ts`],
    outdir: `${set}/dist`,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // Clients of AWS are chunks of their own, loaded when they are needed.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // Modules rather than CommonJS where a package has both: what is not used is left out.
    mainFields: ['module', 'main'],
    external: ['pg-native'],
    // Names of functions would be set one by one at each start, a quarter of its time; the maps have them.
    minify: true,
    sourcemap: 'linked',
    sourcesContent: false,
    // Packages in CommonJS require Node's own modules.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
}
