import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';

/** Names of packages → the text of one file that has everything of each, and the licences of all that went in. */
export interface Vendored {
  readonly files: ReadonlyMap<string, string>;
  readonly notices: string;
}

/**
 * Packages that most runs load, each as one file: to find and open hundreds of small modules costs more than to run them.
 * What they export is asked of the packages themselves, because most of them are CommonJS.
 */
export async function vendor(root: string, names: readonly string[]): Promise<Vendored> {
  const files = new Map<string, string>();
  const inside = new Set<string>();
  for (const [name, exported] of await exportsOf(root, names)) {
    const entry = `export { ${exported.join(', ')} } from '${name}';`;
    const bundle = await rolldown({
      input: 'entry',
      cwd: root,
      platform: 'node',
      plugins: [
        {
          name: 'entry',
          resolveId: (id) => (id === 'entry' ? join(root, 'entry.js') : undefined),
          load: (id) => (id === join(root, 'entry.js') ? entry : undefined),
        },
      ],
    });
    const { output } = await bundle.generate({ format: 'esm', codeSplitting: false, minify: true });
    await bundle.close();
    const [chunk] = output;
    files.set(name, chunk.code);
    for (const id of chunk.moduleIds) inside.add(id);
  }
  return { files, notices: notices(inside) };
}

/** What `import` of each package gives, asked in a plain process: a test runner changes what `import()` resolves to. */
export async function exportsOf(root: string, names: readonly string[]): Promise<readonly [string, string[]][]> {
  const ask = `const keys = async (name) => [name, Object.keys(await import(name))];
    console.log(JSON.stringify(await Promise.all(${JSON.stringify(names)}.map(keys))));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', ask], { cwd: root });
  const found: [string, string[]][] = JSON.parse(stdout);
  return found.map(([name, keys]) => [name, keys.filter((key) => /^[\w$]+$/.test(key))]);
}

/** The licences of every package that one of the modules is from. */
export function notices(modules: Iterable<string>): string {
  const folders = new Set([...modules].filter((id) => id.includes('node_modules')).map(packageFolder));
  return [...folders].sort().map(notice).join('\n');
}

const packageFolder = (id: string): string =>
  /^.*node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id.replace(/^\0/, ''))?.[0] ?? dirname(id);

function notice(folder: string): string {
  const { name, version, license }: Record<string, string> = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const text = licenceFiles.map((file) => read(join(folder, file))).find((found) => found !== undefined);
  if (!license && text === undefined) throw new Error(`${name} has no licence that could be handed on`);
  const words = text ?? 'It comes without the text of its licence.';
  return `${name} ${version} (${license})\n\n${words.replaceAll('\r\n', '\n').trim()}\n`;
}
const licenceFiles = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'License.txt', 'license', 'LICENCE'];
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
