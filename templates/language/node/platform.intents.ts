import type { Intent } from '../../../src/plan/template.ts';

/** Packages that the platform's own files import; those of adapters are stated by their templates. */
const packages: Readonly<Record<string, string>> = {
  jose: '6.2.17',
  kysely: '0.29.9',
  'lru-cache': '11.5.3',
  pino: '10.4.0',
  'pg-boss': '12.38.0',
  'prom-client': '15.1.3',
  typebox: '1.4.3',
};

/** What the platform states for every system that it is in; `at` is its folder. */
export const platformIntents = (at: string): Intent[] => [
  ...Object.entries(packages).map(
    ([name, version]): Intent => ({ is: 'dependency', language: 'node', at, name, version }),
  ),
];
