import { urlVariable } from '../../../src/blueprint/names.ts';
import type { Blueprint, Deployable } from '../../../src/blueprint/schema.ts';
import type { Intent } from '../../../src/plan/template.ts';

/** Packages that the platform's own files import; those of adapters are stated by their templates. */
const packages: Readonly<Record<string, string>> = {
  cockatiel: '4.0.0',
  jose: '6.2.17',
  kysely: '0.29.9',
  'lru-cache': '11.5.3',
  pino: '10.4.0',
  'pg-boss': '12.38.0',
  'prom-client': '15.1.3',
  typebox: '1.4.3',
  undici: '8.12.4',
};

/** What the platform states for every system that it is in; `at` is its folder. */
export const platformIntents = (at: string): Intent[] =>
  Object.entries(packages).map(
    ([name, version]): Intent => ({ is: 'dependency', language: 'node', at, name, version }),
  );

/** Folder of an image in which development keeps what it needs; production writes nothing. */
export const dataDir = '/data';

interface Setting {
  readonly doc: string;
  readonly value?: string;
  readonly fallback?: string;
  readonly trial?: string;
  readonly secret?: true;
  readonly fixed?: true;
}
/** Variables that every deployable reads through the platform; adapters state theirs (`DATABASE_URL`, `CACHE_URL`). */
const settings: Readonly<Record<string, Setting>> = {
  NODE_ENV: {
    doc: 'production refuses everything that only development may use.',
    value: 'production',
    fallback: 'development',
    trial: 'development',
  },
  HOST: { doc: 'Address that the listeners bind to.', value: '0.0.0.0', fallback: '0.0.0.0', fixed: true },
  PORT: { doc: 'Port of the public listener.', value: '3000', fallback: '3000', fixed: true },
  OPS_PORT: { doc: 'Port of the listener for metrics and probes.', value: '9090', fallback: '9090', fixed: true },
  OPS_TOKEN: { doc: 'Bearer token that /metrics asks for.', secret: true },
  DATA_DIR: {
    doc: 'Folder for what development keeps: database, keys.',
    value: dataDir,
    fallback: '.data',
    fixed: true,
  },
  AUTH_ISSUER: { doc: 'Issuer that tokens must name.', fallback: 'urn:development' },
  AUTH_AUDIENCE: { doc: 'Audience that tokens must name.', fallback: 'api' },
  AUTH_JWKS_URL: { doc: 'Public keys of the issuer.', fallback: 'a development issuer' },
  LOG_LEVEL: { doc: 'Least level that is logged.', fallback: 'info' },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    doc: 'Where traces are sent; packages/platform/src/telemetry/otel.mjs says what it needs.',
    fallback: 'none are made',
  },
  EVENT_ATTEMPTS: { doc: 'Attempts of an event before it is put aside; 20 take twelve minutes.', fallback: '20' },
  RATE_LIMIT_RPS: { doc: 'Requests per second and caller; 0 turns the limit off.', fallback: '200' },
  RATE_LIMIT_BURST: { doc: 'Requests that a caller may send at once.', fallback: '400' },
  REQUEST_TIMEOUT_MS: { doc: 'Time after which a request is answered with 504.', fallback: '10000' },
  BODY_LIMIT_BYTES: { doc: 'Longest request body.', fallback: '1048576' },
  SHUTDOWN_WAIT_MS: { doc: 'Time between "not ready" and closing, for load balancers to notice.', fallback: '5000' },
};

/** Those of deployables that call each other. */
const betweenPeers: Readonly<Record<string, Setting>> = {
  INTERNAL_PORT: {
    doc: 'Port of the listener for other deployables; never routed publicly.',
    value: '3001',
    fallback: '3001',
    fixed: true,
  },
  SERVICE_SECRET: {
    doc: 'Signs calls between deployables: 32 characters or more; two, separated by a comma, while one is replaced.',
    secret: true,
  },
  INTERNAL_TLS_CERT: { doc: 'Certificate file for calls between deployables.', fallback: 'plain HTTP' },
  INTERNAL_TLS_KEY: { doc: 'File of its private key.', fallback: 'plain HTTP' },
  INTERNAL_TLS_CA: { doc: 'File of the authority of the certificates of all deployables.', fallback: 'plain HTTP' },
  REMOTE_TIMEOUT_MS: { doc: 'Time for one attempt to call a module hosted elsewhere.', fallback: '2000' },
};

/** Of servers only: functions have no listener of their own, keep nothing in a folder and are not told to stop. */
const ofListeners = 'HOST PORT OPS_PORT OPS_TOKEN DATA_DIR OTEL_EXPORTER_OTLP_ENDPOINT SHUTDOWN_WAIT_MS'.split(' ');
/** Variables that every set of functions reads. What only development may leave out has no fallback: nobody tries it there. */
const ofFunctions: Readonly<Record<string, Setting>> = {
  ...Object.fromEntries(Object.entries(settings).filter(([name]) => !ofListeners.includes(name))),
  NODE_ENV: { doc: settings.NODE_ENV!.doc, value: 'production', fixed: true },
  AUTH_ISSUER: { doc: settings.AUTH_ISSUER!.doc },
  AUTH_JWKS_URL: { doc: settings.AUTH_JWKS_URL!.doc },
};
const ofFunctionsBetweenPeers = Object.fromEntries(
  Object.entries(betweenPeers).filter(([name]) => name === 'SERVICE_SECRET' || name === 'REMOTE_TIMEOUT_MS'),
);

export const functionSettings = (readBy: string): Intent[] => intentsOf(ofFunctions, readBy);
export const functionPeerSettings = (readBy: string): Intent[] => intentsOf(ofFunctionsBetweenPeers, readBy);
export const settingIntents = (readBy: string): Intent[] => intentsOf(settings, readBy);
export const peerSettings = (readBy: string): Intent[] => intentsOf(betweenPeers, readBy);

/** Where the modules answer that are called from this deployable and hosted elsewhere. */
export function remoteSettings({ modules, deployables }: Blueprint, { name, hosts }: Deployable): Intent[] {
  const called = modules.filter((module) => hosts.includes(module.name)).flatMap(({ uses }) => uses);
  const remote = modules.filter((module) => called.includes(module.name) && !hosts.includes(module.name));
  return remote.flatMap((module) => {
    const home = deployables.find((deployable) => deployable.hosts.includes(module.name));
    if (!home) throw new Error(`No deployable hosts ${module.name}.`);
    return {
      is: 'setting',
      name: urlVariable(module.name),
      readBy: name,
      secret: false,
      from: { deployable: home.name, port: 'internal' },
      doc: `Where ${module.name} answers other deployables.`,
    } satisfies Intent;
  });
}

const intentsOf = (of: Readonly<Record<string, Setting>>, readBy: string): Intent[] =>
  Object.entries(of).map(
    ([name, { value = '', secret = false, ...rest }]): Intent => ({
      is: 'setting',
      name,
      readBy,
      secret,
      from: { value },
      ...rest,
    }),
  );
