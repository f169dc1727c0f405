import { readFileSync } from 'node:fs';
import { type Static, type TSchema, Type } from 'typebox';
import { check } from './contract.ts';

const text = (fallback: string, description: string) => Type.String({ default: fallback, minLength: 1, description });
const secret = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));
const url = (description: string) => Type.Optional(Type.String({ pattern: '^[a-z]+://.', description }));
const path = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));
const integer = (fallback: number, minimum: number, maximum: number, description: string) =>
  Type.Integer({ default: fallback, minimum, maximum, description });
const oneOf = <const V extends readonly [string, ...string[]]>(values: V, description: string) =>
  Type.Enum<[...V]>([...values], { default: values[0], description: `${description}: ${values.join(', ')}.` });

/** Every variable that the platform reads. `<NAME>_FILE` may name a file that holds the value instead. */
export const settings = Type.Object({
  NODE_ENV: oneOf(['development', 'test', 'production'], 'Kind of environment'),
  HOST: text('0.0.0.0', 'Address that the listeners bind to.'),
  PORT: integer(3000, 0, 65535, 'Port of the public listener; 0 takes a free one.'),
  OPS_PORT: integer(9090, 0, 65535, 'Port of the listener for metrics and probes; 0 takes a free one.'),
  OPS_TOKEN: secret('Bearer token that /metrics asks for.'),
  DATA_DIR: text('.data', 'Folder for what development keeps: embedded database, keys.'),
  DATABASE_URL: url('PostgreSQL, postgres://user:password@host/name; without it an embedded database in DATA_DIR.'),
  DATABASE_READ_URL: url('A replica of DATABASE_URL for reads that may be a moment behind.'),
  DATABASE_DIRECT_URL: url('The server itself, where DATABASE_URL is a pooler in transaction mode.'),
  DATABASE_POOL_MAX: integer(10, 1, 1_000, 'Connections for requests and consumers; jobs take five more.'),
  CACHE_URL: url('Redis, redis://host:6379; without it a cache in memory.'),
  BUS_URL: url('Message broker, amqp://host or kafka://host; without it a bus in memory.'),
  WORK_QUEUE_URL: url('Queue that wakes the function which publishes events and runs jobs.'),
  EVENT_ATTEMPTS: integer(20, 1, 100, 'Attempts of an event before it is put aside: 20 take twelve minutes.'),
  INTERNAL_PORT: integer(3001, 0, 65535, 'Port of the listener for other deployables; 0 takes a free one.'),
  INTERNAL_TLS_CERT: path('Certificate for calls between deployables; without it they are plain HTTP.'),
  INTERNAL_TLS_KEY: path('Its private key.'),
  INTERNAL_TLS_CA: path('Authority that the certificates of other deployables are from.'),
  SERVICE_SECRET: secret(
    'Signs calls between deployables: 32 characters or more; two, separated by a comma, while one is replaced.',
  ),
  REMOTE_TIMEOUT_MS: integer(2_000, 1, 600_000, 'Time for one attempt to call a module hosted elsewhere.'),
  AUTH_ISSUER: text('urn:development', 'Issuer that tokens must name.'),
  AUTH_AUDIENCE: text('api', 'Audience that tokens must name.'),
  AUTH_JWKS_URL: url('Public keys of the issuer, https://…/jwks.json; without it a development issuer.'),
  LOG_LEVEL: oneOf(['info', 'debug', 'warn', 'error', 'silent'], 'Least level that is logged'),
  OTEL_EXPORTER_OTLP_ENDPOINT: url('Where traces are sent, http://host:4318; without it none are made.'),
  RATE_LIMIT_RPS: integer(200, 0, 1_000_000, 'Requests per second and caller; 0 turns the limit off.'),
  RATE_LIMIT_BURST: integer(400, 1, 1_000_000, 'Requests that a caller may send at once.'),
  REQUEST_TIMEOUT_MS: integer(10_000, 1, 600_000, 'Time after which a request is answered with 504.'),
  BODY_LIMIT_BYTES: integer(1_048_576, 1, 104_857_600, 'Longest request body.'),
  SHUTDOWN_WAIT_MS: integer(5_000, 0, 60_000, 'Time from "not ready" to closing, in which load balancers turn away.'),
});
export type Config = Readonly<Static<typeof settings>> & {
  /** Base URLs of the modules that are called elsewhere, by name. */
  readonly remotes: Readonly<Record<string, string>>;
};

/** The variable that says where the module answers other deployables: `STOCK_ROOM_URL`. */
export const urlVariable = (module: string): string => `${module.toUpperCase().replaceAll('-', '_')}_URL`;

type Name = keyof typeof settings.properties;
/** What a kind of deployable cannot do without: always, or in production, where no stand-in of development may be used. */
export interface Required {
  readonly always: readonly Name[];
  readonly inProduction: readonly Name[];
}
const ofServers: Required = {
  always: [],
  inProduction: ['DATABASE_URL', 'AUTH_ISSUER', 'AUTH_JWKS_URL', 'OPS_TOKEN'],
};

/** Reads the settings, and where the modules in `remote` answer; throws one error that names every wrong variable, what it expects, and never its value. */
export function loadConfig(
  env: NodeJS.ProcessEnv = process.env,
  remote: readonly string[] = [],
  { always, inProduction }: Required = ofServers,
): Config {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(settings.properties) as [string, TSchema & { default?: unknown }][]) {
    const given = env[name] || readSecretFile(name, env[`${name}_FILE`], problems);
    const value = given === undefined || given === '' ? schema.default : 'minimum' in schema ? Number(given) : given;
    if (value !== undefined) values[name] = value;
    if (given) continue;
    if (always.some((each) => each === name)) problems.push(`${name}: is required`);
    else if (env.NODE_ENV === 'production' && inProduction.some((each) => each === name))
      problems.push(`${name}: is required under NODE_ENV=production`);
  }
  const remotes: Record<string, string> = {};
  for (const module of remote) {
    const name = urlVariable(module);
    const given = env[name] || readSecretFile(name, env[`${name}_FILE`], problems);
    if (given && /^https?:\/\/./.test(given)) remotes[module] = given;
    else
      problems.push(
        `${name}: ${given ? 'must be an http URL' : 'is required'}: ${module} is called and not hosted here`,
      );
  }
  for (const { pointer, detail } of check(settings, values) ?? []) {
    const name = pointer.slice(2);
    problems.push(`${name}: ${detail}. ${describe(name)}`);
  }
  if (problems.length > 0) throw new Error(`The environment is not complete:\n  ${problems.join('\n  ')}`);
  return Object.freeze({ ...values, remotes }) as Config;
}

const describe = (name: string) => (settings.properties as Record<string, { description?: string }>)[name]?.description;

function readSecretFile(name: string, path: string | undefined, problems: string[]): string | undefined {
  if (!path) return undefined;
  try {
    return readFileSync(path, 'utf8').trimEnd();
  } catch {
    problems.push(`${name}_FILE: cannot be read: ${path}`);
    return undefined;
  }
}
