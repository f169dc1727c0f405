import { cp, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { folder, nodeEnv } from './packages.ts';
import { succeed } from './processes.ts';

/** Does what the Dockerfile of a deployable says, in a folder instead of an image; returns the folder. */
export async function build(dir: string, deployable: string): Promise<string> {
  const at = await folder('image');
  const text = await readFile(join(dir, 'deployables', deployable, 'Dockerfile'), 'utf8');
  for (const line of text.replaceAll('\\\n', ' ').split('\n')) {
    const [instruction, ...words] = line.split(/\s+/);
    if (instruction === 'RUN') await succeed('sh', ['-c', words.join(' ')], { cwd: at, env: nodeEnv() });
    // What comes from the stage before is in the folder.
    if (instruction !== 'COPY' || words[0]?.startsWith('--from')) continue;
    const to = words.pop() ?? '';
    for (const from of words) {
      const target = to.endsWith('/') ? join(at, to, basename(from)) : join(at, to);
      await cp(join(dir, from), target, { recursive: true, filter: (path) => basename(path) !== 'node_modules' });
    }
  }
  return at;
}

/** Names of the packages that are installed: those of the system are links. */
export async function packagesIn(at: string): Promise<{ readonly own: string[]; readonly others: string[] }> {
  const own: string[] = [];
  const others: string[] = [];
  const visit = async (folder: string, scope = ''): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      if (entry.isSymbolicLink()) own.push(scope + entry.name);
      else if (entry.name.startsWith('@') && scope === '') await visit(join(folder, entry.name), `${entry.name}/`);
      else if (entry.isDirectory()) {
        others.push(scope + entry.name);
        await visit(join(folder, entry.name, 'node_modules')).catch(() => {});
      }
    }
  };
  await visit(join(at, 'node_modules'));
  return { own: own.sort(), others: others.sort() };
}
