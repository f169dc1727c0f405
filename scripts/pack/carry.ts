import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OutputChunk, type Plugin, rolldown } from 'rolldown';
import { notices } from './licences.ts';

/**
 * Packages of npm as single files with everything that they import inside: bundled dependencies of the package that
 * carries them. Paths are relative to its root; the last file holds the licences of what is inside.
 */
export async function carry(root: string, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const folder = (name: string) => join(root, 'node_modules', name);
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(names.map((name) => [`${name}/dist/index`, name])),
    platform: 'node',
    plugins: [withoutFlyImport],
  });
  const { output } = await bundle.generate({
    dir: 'node_modules',
    entryFileNames: '[name].js',
    chunkFileNames: ({ name }) => (name.includes('/') ? '[name].js' : `${names[0]}/dist/[name].js`),
    comments: { legal: true, annotation: false, jsdoc: false },
    codeSplitting: {
      // Each reads its own manifest, `../package.json`: it stays in its own folder. What both use comes with the first.
      groups: names.map((name) => ({ name: `${name}/dist/${name}`, test: new RegExp(`/node_modules/${name}/`) })),
    },
  });
  await bundle.close();
  const chunks = output.filter((one): one is OutputChunk => one.type === 'chunk');
  const own = names.map((name): [string, string] => {
    const { version, license } = manifestIn(folder(name));
    const manifest = { name, version, license, type: 'module', exports: { '.': './dist/index.js' } };
    return [`node_modules/${name}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`];
  });
  return new Map([
    ...chunks.map(({ fileName, code }): [string, string] => [`node_modules/${fileName}`, code]),
    ...own,
    ['THIRD-PARTY-LICENSES', notices(chunks.flatMap(({ moduleIds }) => moduleIds))],
  ]);
}

/**
 * yeoman-environment can install generators from the registry while it runs, and imports npm's installer for that: more
 * than half of what it loads. Nothing here asks for a generator that is not there.
 */
const withoutFlyImport: Plugin = {
  name: 'without-fly-import',
  resolveId: (id) => (id === 'fly-import' ? '\0fly-import' : undefined),
  load: (id) =>
    id === '\0fly-import'
      ? `export class FlyRepository { constructor(options) { Object.assign(this, options); } }
export const flyImport = (name) => Promise.reject(new Error(name + ' is not installed'));`
      : undefined,
};

const manifestIn = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<'version' | 'license', string>;
