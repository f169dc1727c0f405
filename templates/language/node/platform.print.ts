import type { SystemSpec } from '../../../src/plan/template.ts';
import { hostsOf } from './wiring.print.ts';

/** What modules, deployables and tests may import of the platform; everything else is private to it. */
const entries: Readonly<Record<string, string>> = {
  './contract': './src/contract.ts',
  './db': './src/db/port.ts',
  './host': './src/host.ts',
  './module': './src/module.ts',
  './testing': './src/module/testing.ts',
};

const functionEntries: Readonly<Record<string, string>> = {
  './functions': './src/functions/functions.ts',
  './functions/local': './src/functions/local.ts',
};

/** The platform's entries and those of the adapters that were chosen. */
export function exportsOf(system: SystemSpec): Readonly<Record<string, string>> {
  const adapters = system
    .all('adapter')
    .filter(({ language }) => language === 'node')
    .map(({ file }) => [entryOf(file), `./src/${file}`] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const { deployables } = system.blueprint;
  // What stands before several deployables describes the operations of all modules.
  const docs = deployables.some(({ kind }) => kind === 'gateway') || hostsOf(system.blueprint).length > 1;
  const functions = deployables.some(({ kind }) => kind === 'functions');
  return {
    ...entries,
    ...(functions ? functionEntries : {}),
    ...(docs ? { './docs': './src/http/docs.ts' } : {}),
    ...Object.fromEntries(adapters),
  };
}

/** `cache/redis.ts` -> `./cache/redis` */
export const entryOf = (file: string): string => `./${file.replace(/\.ts$/, '')}`;
