import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mintDevToken } from '../auth/keys.ts';
import { loadConfig } from '../config.ts';
import { migrate } from '../db/migrate.ts';
import type { Client, Contract } from '../contract.ts';
import type { Db } from '../db/port.ts';
import { createHost, type Host, type Wiring } from '../host.ts';
import { metrics, silent, testDatabase } from '../db/testing.ts';
import { openPeers } from './peers.ts';

/** A system in this process, on the database of all tests, and tokens for it. */
export interface TestHost extends Host {
  token(...scopes: string[]): Promise<string>;
  /** A module as another deployable calls it. */
  remote(contract: Contract): Client<Contract>;
}

/** `DATABASE_URL`, `CACHE_URL` and `BUS_URL` of the environment make the tests use real services. */
export async function testHost(wiring: Wiring): Promise<TestHost> {
  const dataDir = mkdtempSync(join(tmpdir(), `${wiring.system}-`));
  process.once('exit', () => rmSync(dataDir, { recursive: true, force: true }));
  const { DATABASE_URL, CACHE_URL, BUS_URL, LOG_LEVEL = 'silent' } = process.env;
  const own = {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    OPS_PORT: '0',
    INTERNAL_PORT: '0',
    RATE_LIMIT_RPS: '0',
    SHUTDOWN_WAIT_MS: '0',
  };
  const config = loadConfig({ ...own, DATA_DIR: dataDir, DATABASE_URL, CACHE_URL, BUS_URL, LOG_LEVEL });
  const host = await createHost({ ...wiring, peers: ['tests'] }, config, await testDatabase());
  const peers = openPeers({
    system: wiring.system,
    name: 'tests',
    config: {
      ...config,
      remotes: Object.fromEntries(Object.keys(host.clients).map((name) => [name, `${host.internalUrl}`])),
    },
    log: silent,
    metrics,
  });
  return {
    ...host,
    token: (...scopes) => mintDevToken(config, { subject: 'test', scopes }),
    remote: (contract) => peers.client(contract),
    async stop() {
      await peers.close();
      await host.stop();
    },
  };
}

/** The tables of a module in an empty schema of their own, beside those that the system uses. */
export async function testDb<T>(schema: string, migrations: URL): Promise<Db<T>> {
  const database = await testDatabase();
  await migrate(database, [{ schema, folder: migrations }]);
  return database.schema<T>(schema);
}
