import { UNKNOWN } from '../link/values.ts';

/** Kinds of backing services by image or URL scheme; `store` holds the data of record. */
const engines: readonly (readonly [engine: string, pattern: RegExp, store: boolean])[] = [
  ['postgres', /^(?:postgres(?:ql)?|postgis|timescaledb|cockroachdb?|pgvector)/, true],
  ['mysql', /^(?:mysql|mariadb|percona)/, true],
  ['mongodb', /^(?:mongo(?:db)?(?:\+srv)?|ferretdb)/, true],
  ['mssql', /^(?:mssql|sqlserver|azure-sql-edge)/, true],
  ['oracle', /^oracle/, true],
  ['cassandra', /^(?:cassandra|scylla)/, true],
  ['neo4j', /^(?:neo4j|bolt)/, true],
  ['couchdb', /^couch/, true],
  ['redis', /^(?:redis|valkey|keydb|dragonfly)/, false],
  ['memcached', /^memcached?/, false],
  ['rabbitmq', /^(?:rabbitmq|amqps?)/, false],
  ['kafka', /^(?:kafka|redpanda|cp-kafka)/, false],
  ['nats', /^nats/, false],
  ['sns', /^sns$/, false],
  ['sqs', /^sqs$/, false],
  ['elasticsearch', /^(?:elasticsearch|opensearch)/, false],
];

/** The engine of an image (`bitnami/postgresql:16`) or a URL scheme; undefined for anything that is none. */
export function engineOf(name: string): { readonly engine: string; readonly store: boolean } | undefined {
  const last = name.toLowerCase().split('@')[0]!.split('/').at(-1)!.split(':')[0]!;
  const found = engines.find(([, pattern]) => pattern.test(last));
  return found && { engine: found[0], store: found[2] };
}

export interface Address {
  readonly engine: string;
  readonly store: boolean;
  readonly host: string;
  /** `engine://host:port/database#schema`, without credentials; parts that are not known stay `${NAME}`. */
  readonly id: string;
}
const ports: Readonly<Record<string, string>> = {
  postgres: '5432',
  mysql: '3306',
  mongodb: '27017',
  mssql: '1433',
  redis: '6379',
  rabbitmq: '5672',
};
const form =
  /^(?:jdbc:)?([a-z][a-z0-9+.-]*):\/\/(?:[^@/]*@)?(\$\{[^}]+\}|[^/:?,\s]+)(?::(\d+|\$\{[^}]+\}))?[^/?]*(?:\/([^?;\s]*))?/i;

/** Where a connection string leads; undefined for what is no address of a backing service. */
export function addressOf(url: string): Address | undefined {
  const found = form.exec(url.trim());
  const kind = found && engineOf(found[1]!);
  if (!found || !kind) return undefined;
  const [, , host = '', port, database = ''] = found;
  // Two that are only half known may be one or two.
  if (host.includes(UNKNOWN) || database.includes(UNKNOWN)) return undefined;
  const at = port ?? ports[kind.engine];
  const schema = /[?&;](?:schema|currentSchema|search_path)=([^&;\s]+)/i.exec(url)?.[1];
  const place = `${kind.engine}://${host}${at ? `:${at}` : ''}/${database.replace(/\/$/, '')}`;
  return { ...kind, host, id: schema === undefined ? place : `${place}#${schema}` };
}
