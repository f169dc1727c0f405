import { expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { defineContract } from './contract.ts';
import { createHost, type Wiring } from './host.ts';
import { defineModule } from './module.ts';

const unused = undefined as never;
const stock = defineContract('stock-room', { operations: {} });
const sales = defineModule({
  contract: defineContract('sales', { operations: {} }),
  requires: { stock },
  migrations: new URL('file:///none/'),
  create: () => ({ operations: {} }),
});
const wiring: Wiring = {
  system: 'shop',
  name: 'api',
  peers: [],
  modules: [],
  http: unused,
  databases: { pglite: unused, postgres: unused },
  caches: {},
  buses: {},
};
const production = {
  NODE_ENV: 'production',
  OPS_TOKEN: 'a-token-that-is-long-enough-for-everybody',
  DATABASE_URL: 'postgres://127.0.0.1/app',
  AUTH_ISSUER: 'https://issuer.example.org',
  AUTH_JWKS_URL: 'https://issuer.example.org/jwks.json',
};

it('needs a broker in production when events have to reach another deployable', async () => {
  const start = createHost({ ...wiring, peers: ['worker'] }, loadConfig(production));
  await expect(start).rejects.toThrow(/^BUS_URL: .* worker$/);
});

it('names the variable of a contract that is not hosted here', async () => {
  const start = createHost({ ...wiring, modules: [sales] }, loadConfig({}));
  await expect(start).rejects.toThrow('STOCK_ROOM_URL: is required: api calls stock-room and does not host it');
});
