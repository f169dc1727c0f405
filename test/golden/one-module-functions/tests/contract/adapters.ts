import type { Client, Contract } from '@shop/platform/contract';
import { localHost } from '../system.ts';

/** The ways in which a contract can be called; every suite of a contract runs through each of them. */
export const adaptersOf = <C extends Contract>(contract: C) => [
  { name: 'local', client: async () => (await localHost()).clients[contract.name] as unknown as Client<C> },
  { name: 'remote', client: async () => (await localHost()).remote(contract) as unknown as Client<C> },
];
