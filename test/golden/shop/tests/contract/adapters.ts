import type { Client, Contract } from '@shop/platform/contract';
import { localHost } from '../system.ts';

/** The ways in which a contract can be called; every suite of a contract runs through each of them. */
export const adaptersOf = <C extends Contract>({ name }: C) => [
  { name: 'local', client: async () => (await localHost()).clients[name] as unknown as Client<C> },
];
