import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { type AnyTx, type Database, sql } from './port.ts';

/** SQL files that make the tables of one schema, in the order of their names. */
export interface MigrationSource {
  readonly schema: string;
  readonly folder: URL;
}
interface Migration {
  readonly schema: string;
  readonly file: string;
  readonly text: string;
  readonly checksum: string;
}
const platform: MigrationSource = { schema: 'platform', folder: new URL('./migrations/', import.meta.url) };

/**
 * Applies what is missing, each file in a transaction of its own, and returns the names of the files. Processes that
 * start together wait for each other. Throws when an applied file was changed, and names the file and the statement's
 * error when one fails; the files before it stay applied.
 */
export async function migrate(database: Database, sources: readonly MigrationSource[]): Promise<string[]> {
  const all = await load(sources);
  const db = database.schema<never>('platform');
  await db.transaction(async (tx) => {
    await lock(tx);
    await sql`create schema if not exists platform`.execute(tx);
    await sql`create table if not exists platform.migrations (schema text, file text, checksum text not null,
      applied_at timestamptz not null default now(), primary key (schema, file))`.execute(tx);
  });
  missing(all, await applied(database));
  const done: string[] = [];
  for (const migration of all) {
    await db.transaction(async (tx) => {
      await lock(tx);
      if (missing([migration], await applied(tx)).length === 0) return;
      await apply(tx, migration);
      done.push(`${migration.schema}/${migration.file}`);
    });
  }
  return done;
}

/** Throws when the database is not at the version of the code: for hosts that do not migrate themselves. */
export async function assertMigrated(database: Database, sources: readonly MigrationSource[]): Promise<void> {
  const [found] = await database.run(
    sql<{ known: boolean }>`select to_regclass('platform.migrations') is not null known`,
  );
  const [first] = missing(await load(sources), found?.known ? await applied(database) : new Map());
  if (first) throw new Error(`Migration ${first.schema}/${first.file} is not applied: run "npm run migrate" first`);
}

async function load(sources: readonly MigrationSource[]): Promise<Migration[]> {
  const read = async ({ schema, folder }: MigrationSource) => {
    const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
    return Promise.all(
      files.map(async (file) => {
        const text = (await readFile(new URL(file, folder), 'utf8')).replaceAll('\r\n', '\n');
        return { schema, file, text, checksum: createHash('sha256').update(text).digest('hex') };
      }),
    );
  };
  return (await Promise.all([platform, ...sources].map(read))).flat();
}

/** Those of `all` that are not applied. Throws when an applied one was changed. */
function missing(all: readonly Migration[], checksums: ReadonlyMap<string, string>): Migration[] {
  return all.filter(({ schema, file, checksum }) => {
    const before = checksums.get(`${schema}/${file}`);
    if (before && before !== checksum) {
      throw new Error(`Migration ${schema}/${file} was changed after it was applied: restore it and add a new file`);
    }
    return !before;
  });
}

async function applied(from: Database | AnyTx): Promise<Map<string, string>> {
  const query = sql<{
    id: string;
    checksum: string;
  }>`select schema || '/' || file id, checksum from platform.migrations`;
  const rows = 'run' in from ? await from.run(query) : (await query.execute(from)).rows;
  return new Map(rows.map(({ id, checksum }) => [id, checksum]));
}

async function lock(tx: AnyTx): Promise<void> {
  await sql`set local statement_timeout = 0`.execute(tx);
  await sql`select pg_advisory_xact_lock(hashtext('platform.migrations'))`.execute(tx);
}

async function apply(tx: AnyTx, { schema, file, text, checksum }: Migration): Promise<void> {
  await sql`create schema if not exists ${sql.id(schema)}`.execute(tx);
  await sql`select set_config('search_path', ${schema}, true)`.execute(tx);
  // Both drivers take one prepared statement at a time; a block takes a whole file. The tag cannot occur in the file.
  const tag = `$file_${checksum}$`;
  await sql`${sql.raw(`do $block_${checksum}$ begin execute ${tag}${text}${tag}; end $block_${checksum}$`)}`
    .execute(tx)
    .catch((error: Error) => {
      throw new Error(`Migration ${schema}/${file} failed: ${error.message}`, { cause: error });
    });
  await sql`insert into platform.migrations (schema, file, checksum) values (${schema}, ${file}, ${checksum})`.execute(
    tx,
  );
}
