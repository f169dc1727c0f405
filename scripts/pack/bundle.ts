import { join, relative } from 'node:path';
import { type OutputChunk, rolldown } from 'rolldown';
import { notices } from './licences.ts';

/**
 * A program as few files: to find and open hundreds of small modules costs more than to run them. Entries (sources, relative
 * to the root) keep their places; what several of them need, or what is loaded late, lies in `src/`. `inside`: packages of
 * npm that become part of it; others are imported by their names. Returns JavaScript by path, and the licences of what is
 * inside.
 */
export async function bundle(
  root: string,
  entries: readonly string[],
  inside: readonly string[],
): Promise<{ readonly files: ReadonlyMap<string, string>; readonly notices: string }> {
  const isInside = (id: string) => inside.some((name) => id === name || id.startsWith(`${name}/`));
  // Decided where our own sources import: what a package inside imports comes with it.
  const isOurs = (importer: string | undefined) =>
    importer === undefined || !relative(root, importer).includes('node_modules');
  const made = await rolldown({
    cwd: root,
    input: Object.fromEntries(entries.map((path) => [path.replace(/\.ts$/, ''), join(root, path)])),
    platform: 'node',
    external: (id, importer) => /^[^./\0]/.test(id) && !id.startsWith(root) && isOurs(importer) && !isInside(id),
    tsconfig: false,
  });
  const { output } = await made.generate({
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'src/[name]-[hash].js',
    comments: { legal: true, annotation: false, jsdoc: false },
  });
  await made.close();
  const chunks = output.filter((one): one is OutputChunk => one.type === 'chunk');
  return {
    files: new Map(chunks.map(({ fileName, code }) => [fileName, code])),
    notices: notices(chunks.flatMap(({ moduleIds }) => moduleIds)),
  };
}
