import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, globSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { folder, scratch } from './packages.ts';
import { cleanEnv, freePort, type Running, type StartOptions, start, succeed } from './processes.ts';
import { until } from './wait.ts';

export interface Service {
  readonly url: string;
  readonly process: Running;
}

function find(program: string, elsewhere: readonly string[] = []): string | undefined {
  const folders = [...elsewhere, ...(process.env.PATH ?? '').split(delimiter)];
  return folders.map((at) => join(at, program)).find((path) => existsSync(path));
}
/** Debian keeps PostgreSQL's programs out of the PATH. Newest version first. */
export const debian = globSync('/usr/lib/postgresql/*/bin').sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));

/** The program itself: Debian's own in the PATH runs it as another user. */
const rabbitmqServer = '../lib/rabbitmq/bin/rabbitmq-server';

const sbin = ['/usr/sbin'];
export const nginx = (): string => find('nginx', sbin) ?? 'nginx';

/** Why these tests cannot run here, or undefined. */
export const missing = {
  kafka: () => (find('mvn') && find('java') ? undefined : 'needs Java and Maven (Debian package maven)'),
  moto: () => (find('moto_server') ? undefined : 'needs moto (pip install moto[server])'),
  nginx: () => (find('nginx', sbin) ? undefined : 'needs nginx (Debian package nginx-light)'),
  pgbouncer: () => (find('pgbouncer', sbin) ? undefined : 'needs PgBouncer (Debian package pgbouncer)'),
  postgres: () => (find('initdb', debian) ? undefined : 'needs PostgreSQL (Debian package postgresql)'),
  rabbitmq: () => (find(rabbitmqServer) ? undefined : 'needs RabbitMQ (Debian package rabbitmq-server)'),
  redis: () => (find('redis-server') ? undefined : 'needs Redis (Debian package redis-server)'),
};

/** PostgreSQL refuses to run as root: there it runs as another user. */
function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string, user: string) =>
    Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  for (const user of ['postgres', 'nobody']) {
    try {
      return { uid: id('-u', user), gid: id('-g', user) };
    } catch {}
  }
  throw new Error('running as root, and there is no user `postgres` or `nobody` to run PostgreSQL as');
}

/** A PostgreSQL of our own with an empty database `shop`. */
export async function postgres(): Promise<Service> {
  const { url, running } = await restartablePostgres();
  return { url, process: running() };
}

const postgresProgram = (name: string) => find(name, debian) ?? name;

/** The same, for tests that stop it and start it again. */
export async function restartablePostgres(): Promise<Restartable & { running(): Running }> {
  const service = await postgresOn((data, as) =>
    succeed(postgresProgram('initdb'), ['-D', data, '-U', 'shop', '-A', 'trust', '-E', 'UTF8', '--no-sync'], as),
  );
  const { port } = new URL(service.url);
  const connect = ['-h', '127.0.0.1', '-p', port, '-U', 'shop'];
  await succeed(postgresProgram('createdb'), [...connect, 'shop'], { cwd: scratch });
  return service;
}

/** A streaming replica of a PostgreSQL of ours. */
export async function replicaOf(url: string): Promise<Restartable> {
  const { port } = new URL(url);
  const from = ['-h', '127.0.0.1', '-p', port, '-U', 'shop', '--checkpoint=fast', '--no-sync'];
  return postgresOn((data, as) => succeed(postgresProgram('pg_basebackup'), ['-D', data, '-R', ...from], as));
}

/** PostgreSQL on the folder that `fill` makes, under a user who may run it. */
async function postgresOn(
  fill: (data: string, as: StartOptions) => Promise<unknown>,
): Promise<Restartable & { running(): Running }> {
  const user = unprivileged();
  const home = await folder('postgres');
  if (user.uid !== undefined && user.gid !== undefined) chownSync(home, user.uid, user.gid);
  const as = { cwd: home, env: cleanEnv({ LC_ALL: 'C' }), ...user };
  const data = join(home, 'db');
  await fill(data, as);
  const port = await freePort();
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${home}`,
    'fsync=off',
    'max_connections=200',
  ];
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  let server: Running;
  const service = {
    url: `postgres://shop@127.0.0.1:${port}/shop`,
    running: () => server,
    async start() {
      const next = start(postgresProgram('postgres'), args, as);
      server = next;
      await until('PostgreSQL accepts connections', () => /ready to accept .*connections/.test(next.output()));
    },
    async kill() {
      // All its processes at once, as in a crash; killing the first alone would leave the others for a while.
      server.kill('SIGQUIT');
      await server.exited;
    },
    stop: async () => void (await server.stop()),
  };
  await service.start();
  return service;
}

/** PgBouncer before a PostgreSQL of ours: a connection to the server is lent for one transaction, and there are two. */
export async function pgbouncer(url: string): Promise<Service> {
  const user = unprivileged();
  const cwd = await folder('pgbouncer');
  if (user.uid !== undefined && user.gid !== undefined) chownSync(cwd, user.uid, user.gid);
  const [at, port] = [new URL(url).port, await freePort()];
  const lines = [
    '[databases]',
    `shop = host=127.0.0.1 port=${at} dbname=shop user=shop`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    'default_pool_size = 2',
  ];
  await writeFile(join(cwd, 'pgbouncer.ini'), `${lines.join('\n')}\n`);
  const process = start(find('pgbouncer', ['/usr/sbin']) ?? 'pgbouncer', ['pgbouncer.ini'], { cwd, ...user });
  await until('PgBouncer listens', () => process.output().includes('process up'));
  return { url: `postgres://shop@127.0.0.1:${port}/shop`, process };
}

export async function redis(port?: number): Promise<Service & { readonly port: number }> {
  const at = port ?? (await freePort());
  const cwd = await folder('redis');
  const process = start(
    find('redis-server') ?? 'redis-server',
    ['--port', String(at), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    { cwd },
  );
  await until('Redis accepts connections', () => process.output().includes('eady to accept connections'));
  return { url: `redis://127.0.0.1:${at}`, process, port: at };
}

/** AWS's SNS and SQS as moto has them, with a topic of its own; `url` names the topic. It keeps nothing when it ends. */
export async function awsTopic(): Promise<Restartable> {
  const port = await freePort();
  const cwd = await folder('moto');
  const endpoint = `http://127.0.0.1:${port}`;
  const stand = start(find('moto_server') ?? 'moto_server', ['-H', '127.0.0.1', '-p', String(port)], { cwd });
  await until('moto answers', async () => (await fetch(`${endpoint}/moto-api/`)).ok);
  // Where the clients of AWS look, in this process and in those that it starts.
  const account = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  Object.assign(process.env, account, { AWS_ENDPOINT_URL: endpoint });
  const fifo = { 'Attributes.entry.1.key': 'FifoTopic', 'Attributes.entry.1.value': 'true' };
  const made = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/sns/aws4_request' },
    body: new URLSearchParams({ Action: 'CreateTopic', Name: 'shop.fifo', ...fifo }),
  });
  const arn = /<TopicArn>(.*)<\/TopicArn>/.exec(await made.text())?.[1];
  const end = async (how: NodeJS.Signals) => {
    stand.kill(how);
    await stand.exited;
  };
  return {
    url: `sns://${arn}`,
    kill: () => end('SIGKILL'),
    async start() {
      throw new Error('moto would start with nothing');
    },
    stop: () => end('SIGTERM'),
  };
}

/** A service that tests stop and start again with the data that it has. */
export interface Restartable {
  readonly url: string;
  /** As its machine does that fails: without a word to anybody. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A RabbitMQ of our own, with an Erlang port mapper of its own: the usual one would outlive the tests. */
export async function rabbitmq(): Promise<Restartable> {
  const cwd = await folder('rabbitmq');
  const [port, distribution, mapper] = [await freePort(), await freePort(), await freePort()];
  const env = cleanEnv({
    HOME: cwd,
    RABBITMQ_NODENAME: `test${port}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: join(cwd, 'data'),
    RABBITMQ_LOG_BASE: join(cwd, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_CONFIG_FILE: join(cwd, 'none'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(cwd, 'none'),
    ERL_EPMD_PORT: String(mapper),
    // One process, whose id is the broker's.
    RUNNING_UNDER_SYSTEMD: 'true',
  });
  const names = start(find('epmd') ?? 'epmd', ['-port', String(mapper), '-address', '127.0.0.1'], { cwd, env });
  let broker: Running | undefined;
  const end = async (how: (running: Running) => unknown) => {
    if (broker) await Promise.all([how(broker), broker.exited]);
  };
  const service: Restartable = {
    url: `amqp://127.0.0.1:${port}`,
    async start() {
      const next = start(find(rabbitmqServer) ?? 'rabbitmq-server', [], { cwd, env });
      broker = next;
      await until('RabbitMQ accepts connections', () => next.output().includes('Server startup complete'), {
        withinMs: 60_000,
      });
    },
    kill: () => end((running) => running.kill('SIGKILL')),
    async stop() {
      await end((running) => running.stop());
      await names.stop();
    },
  };
  await service.start();
  return service;
}
