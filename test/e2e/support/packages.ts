import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanEnv, succeed } from './processes.ts';

export const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Everything that e2e makes lies in one folder of the system's temporary directory, kept for a look afterwards. */
export const scratch = process.env.E2E_SCRATCH ?? join(tmpdir(), 'create-scalable-backend-e2e');
const bin = join(root, 'node_modules', '.bin');
/** Node 24 first: what a person has who can run the published programs at all. */
export const nodeEnv = (extra: NodeJS.ProcessEnv = {}) =>
  cleanEnv({ PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, ...extra });

export const folder = async (prefix: string) => {
  await mkdir(scratch, { recursive: true });
  return mkdtemp(join(scratch, `${prefix}-`));
};

export interface Tarballs {
  readonly generator: string;
  readonly linter: string;
}
/** Packs both packages; paths of the tarballs. */
export async function pack(): Promise<Tarballs> {
  await succeed('node', ['scripts/pack.ts'], { cwd: root, env: nodeEnv() });
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const tarball = (name: string) => join(root, 'dist', `${name}-${version}.tgz`);
  return { generator: tarball('create-scalable-backend'), linter: tarball('scalable-backend') };
}

/** Installs packages into a fresh folder elsewhere, as a stranger would; returns the folder. */
export async function install(name: string, packages: readonly string[]): Promise<string> {
  const at = await folder(name);
  await writeFile(join(at, 'package.json'), `${JSON.stringify({ name, private: true, version: '1.0.0' })}\n`);
  const args = ['install', '--no-audit', '--no-fund', '--prefer-offline', ...packages];
  await succeed('npm', args, { cwd: at, env: nodeEnv(), withinMs: 300_000 });
  return at;
}
/** A program of an installation. */
export const program = (at: string, name: string) => {
  const path = join(at, 'node_modules', '.bin', name);
  if (!existsSync(path)) throw new Error(`${name} is not installed in ${at}`);
  return path;
};
