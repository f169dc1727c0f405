import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

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
