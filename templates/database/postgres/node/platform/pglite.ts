import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PGliteDialect } from 'kysely';
import { fromPglite } from 'pg-boss';
import type { OpenDriver } from './port.ts';

/** PostgreSQL inside this process: for development, in a folder, and for tests, `memory://`. */
export const pglite: OpenDriver = async ({ dataDir, production }) => {
  if (production) {
    throw new Error('DATABASE_URL is not set: the embedded database is for development, production needs PostgreSQL');
  }
  const { PGlite, types } = await embedded();
  const folder = dataDir === 'memory://' ? undefined : resolve(dataDir, 'pglite');
  const release = folder === undefined ? undefined : await hold(folder);
  const text = (value: string) => value;
  const parsers = { [types.INT8]: text, [types.DATE]: text };
  const database = await PGlite.create(folder ?? dataDir, { parsers }).catch((error) => {
    release?.();
    throw error;
  });
  return {
    kind: 'pglite',
    dialect: new PGliteDialect({ pglite: database }),
    jobs: { db: fromPglite(database), backend: 'pglite' },
    connections: () => ({ idle: 1, used: 0, waiting: 0 }),
    async close() {
      await database.close();
      release?.();
    },
  };
};

/** A development dependency, so that nothing of it is in an image. */
async function embedded() {
  try {
    return await import('@electric-sql/pglite');
  } catch (cause) {
    throw new Error('DATABASE_URL is not set, and the embedded database is a development dependency', { cause });
  }
}

/**
 * Takes the folder for this process, or throws naming the process that has it: two on one folder overwrite each other
 * without an error. The lock is the operating system's (SQLite's, on a file of its own), so it ends with its process
 * however that ends, and no old process id is ever mistaken for a new one.
 */
export async function hold(folder: string): Promise<() => void> {
  await mkdir(folder, { recursive: true });
  const [lockFile, holderFile] = [`${folder}.lock`, `${folder}.holder`];
  const lock = new DatabaseSync(lockFile);
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive');
  } catch {
    lock.close();
    const holder = await readFile(holderFile, 'utf8').catch(() => 'another process');
    throw new Error(`${folder} is in use by ${holder}: stop it, choose another DATA_DIR, or set DATABASE_URL`);
  }
  const command = process.argv.slice(1).join(' ');
  await writeFile(holderFile, `process ${process.pid} since ${new Date().toISOString()} (${command})`);
  return () => lock.close();
}
