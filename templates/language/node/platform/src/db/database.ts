import { AsyncLocalStorage } from 'node:async_hooks';
import { Kysely, type KyselyPlugin, sql } from 'kysely';
import type { AnyTx, Database, DatabaseOptions, Db, OpenDriver } from './port.ts';

/** The transaction that this flow of control is in. `open` ends with it, also for what it left running. */
interface Scope {
  open: boolean;
  readonly afterCommit: (() => void)[];
}
const scope = new AsyncLocalStorage<Scope>();
/** What the next transaction of this flow of control does before its own work, once. */
export const firstStep = new AsyncLocalStorage<{ run?: ((tx: AnyTx) => Promise<void>) | undefined }>();

export const insideTransaction = (): boolean => scope.getStore()?.open === true;

/**
 * Throws inside an open transaction. There, anything that needs a second connection can wait for ever: always on the
 * embedded database, and on PostgreSQL as soon as every connection of the pool waits like that.
 */
export function assertOutsideTransaction(what: string): void {
  if (insideTransaction()) {
    throw new Error(`${what} inside an open transaction: do it before or after, or use the transaction's own handle`);
  }
}
/** Throws when `tx` is no transaction: what it would write could not be undone together with the change. */
export function assertTransaction(tx: AnyTx | undefined, what: string): void {
  if (!tx?.isTransaction) throw new Error(`${what} needs the transaction of the change as its first argument`);
}
/** Runs `work` when the open transaction has committed, or now where there is none. */
export function afterCommit(work: () => void): void {
  const current = scope.getStore();
  if (current?.open) current.afterCommit.push(work);
  else work();
}

/** After its own commit a process reads there for so long: longer than a healthy replica is behind. */
const ownWritesMs = 1_000;

const outside: KyselyPlugin = {
  transformQuery({ node }) {
    assertOutsideTransaction('A statement of its own');
    return node;
  },
  transformResult: async ({ result }) => result,
};

/** Opens PostgreSQL at `url`, or the embedded database in `dataDir`. Throws where that cannot be used, saying why. */
export async function openDatabase(
  drivers: { readonly pglite?: OpenDriver; readonly postgres: OpenDriver },
  options: DatabaseOptions,
): Promise<Database> {
  const open = options.url ? drivers.postgres : drivers.pglite;
  if (!open) throw new Error('DATABASE_URL: is required: there is no embedded database here');
  const driver = await open(options);
  const { dbDuration, dbConnections } = options.metrics;
  const schemas = new Map<string, Db<unknown>>();

  function bind(name: string): Db<unknown> {
    // A Kysely for each module, on shared connections: its statements are measured under the module's name.
    const log = ({ queryDurationMillis }: { queryDurationMillis: number }) =>
      dbDuration.observe({ module: name }, queryDurationMillis / 1000);
    const own = new Kysely<unknown>({ dialect: driver.dialect, log }).withSchema(name);
    const write = own.withPlugin(outside);
    const { readDialect } = driver;
    const replica = readDialect
      ? new Kysely<unknown>({ dialect: readDialect, log }).withSchema(name).withPlugin(outside)
      : write;
    let wroteAt = Number.NEGATIVE_INFINITY;
    return {
      write,
      get read() {
        return performance.now() - wroteAt < ownWritesMs ? write : replica;
      },
      async transaction(work) {
        assertOutsideTransaction('A transaction');
        const current: Scope = { open: true, afterCommit: [] };
        const first = firstStep.getStore();
        const begin = first?.run;
        if (first) first.run = undefined;
        const both = async (tx: AnyTx) => {
          await begin?.(tx);
          return work(tx);
        };
        try {
          const result = await own.transaction().execute((tx) => scope.run(current, both, tx));
          current.open = false;
          wroteAt = performance.now();
          for (const run of current.afterCommit) run();
          return result;
        } finally {
          current.open = false;
        }
      },
    };
  }
  function schema<T>(name: string): Db<T> {
    const bound = schemas.get(name) ?? bind(name);
    schemas.set(name, bound);
    return bound as Db<T>;
  }

  const { write } = schema('platform');
  const sample = setInterval(() => {
    for (const [state, count] of Object.entries(driver.connections())) dbConnections.set({ state }, count);
  }, 5_000).unref();
  return {
    driver,
    kind: driver.kind,
    schema,
    run: async (statement) => (await statement.execute(write)).rows,
    ping: async () => void (await sql`select 1`.execute(write)),
    async close() {
      clearInterval(sample);
      await driver.close();
    },
  };
}
