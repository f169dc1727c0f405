import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expand } from '../blueprint/expand.ts';
import { KnownError } from '../model/known-error.ts';
import { cleanEnvironment } from './process.ts';
import { type Progress, prove } from './prove.ts';
import { checks, firstRequest, type Step } from './steps.ts';

vi.setConfig({ testTimeout: 60_000 });
const blueprint = expand({
  name: 'shop',
  style: 'monolith',
  framework: 'fastify',
  modules: ['orders', 'catalog'],
  uses: ['orders:catalog'],
  database: 'postgres',
  cache: 'redis',
  broker: undefined,
  place: [],
  ci: 'none',
  deploy: [],
  observability: [],
  load: 'none',
});
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'prove-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A project whose scripts are one-line programs. */
const project = (scripts: Readonly<Record<string, string>>) => {
  for (const [name, text] of Object.entries(scripts)) writeFileSync(join(home, `${name}.mjs`), text);
  const commands = Object.keys(scripts).map((name) => [name, `node ${name}.mjs`]);
  writeFileSync(join(home, 'package.json'), JSON.stringify({ scripts: Object.fromEntries(commands) }));
};
const step = (id: string): Step => checks.find((check) => check.id === id)!;
async function run(steps: readonly Step[], signal = new AbortController().signal) {
  const told: string[] = [];
  const progress: Progress = {
    begin: (doing) => told.push(`begin ${doing}`),
    end: (done) => told.push(`end ${done}`),
    fail: (doing) => told.push(`fail ${doing}`),
  };
  try {
    const proven = await prove({ directory: home, blueprint, settings: ['DATABASE_URL'], steps, signal, progress });
    return { told, proven: proven.map(({ id }) => id), error: undefined };
  } catch (error) {
    return { told, proven: [], error: error as Error };
  }
}
const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const server = (answers: { readonly ready?: number; readonly created?: number; readonly got?: string }) => `
  import { createServer } from 'node:http';
  import { existsSync, writeFileSync } from 'node:fs';
  if (process.env.DATABASE_URL) throw new Error('the proof reached a database of the person');
  writeFileSync('seen.json', JSON.stringify({ pid: process.pid, dataDir: process.env.DATA_DIR, there: existsSync(process.env.DATA_DIR) }));
  createServer((request, response) => {
    if (request.url === '/readyz') return response.writeHead(${answers.ready ?? 200}).end();
    if (request.headers.authorization !== 'Bearer aa.bb.cc') return response.writeHead(401).end();
    if (request.method === 'POST' && request.url === '/catalog/products') return response.writeHead(${answers.created ?? 201}).end('{"id":"7"}');
    if (request.url === '/catalog/products/7') return response.writeHead(200).end('${answers.got ?? '{"id":"7"}'}');
    response.writeHead(404).end();
  }).listen(process.env.PORT, '127.0.0.1');
`;
const token = "console.log('> a token');console.log('aa.bb.cc')";

describe('a proof', () => {
  it('runs its steps in order, short ones at once, and tells what holds', async () => {
    const both = (mine: string, other: string) => `
      import { existsSync, writeFileSync } from 'node:fs';
      writeFileSync('${mine}', '');
      while (!existsSync('${other}')) await new Promise((go) => setTimeout(go, 20));`;
    const test = "import { existsSync } from 'node:fs'; process.exit(existsSync('types') ? 0 : 1)";
    project({ typecheck: both('types', 'style'), lint: both('style', 'types'), test });
    const { told, proven, error } = await run([step('typecheck'), step('lint'), step('test')]);
    expect(error).toBeUndefined();
    expect(proven).toEqual(['typecheck', 'lint', 'test']);
    expect(told[0]).toBe('begin Checking types, Linting');
    expect(told.filter((line) => /^end/.test(line)).sort()).toEqual([
      'end lints clean',
      'end passes its tests',
      'end type-checks',
    ]);
    expect(told.slice(-2)).toEqual(['begin Running its tests', 'end passes its tests']);
  });

  it('stops at the first failure, what runs beside it as well, with its name, the end of its output and its log', async () => {
    project({
      typecheck: "console.log('first line'); console.error('x.ts(1,1): no such type'); process.exit(3)",
      lint: "import { writeFileSync } from 'node:fs'; writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000)",
    });
    const { error, told } = await run([step('typecheck'), step('lint'), step('test')]);
    if (existsSync(join(home, 'pid'))) expect(alive(Number(readFileSync(join(home, 'pid'), 'utf8')))).toBe(false);
    expect(error).toBeInstanceOf(KnownError);
    expect(error?.message).toMatch(/^The step 'typecheck' failed: npm run typecheck ended with code 3\./);
    expect(error?.message).toContain('x.ts(1,1): no such type');
    expect((error as KnownError).exitCode).toBe(1);
    expect(told.at(-1)).toBe('fail Checking types');
    const log = /in (\S+)\.$/.exec((error as KnownError).next)?.[1] ?? '';
    expect(readFileSync(log, 'utf8')).toContain('first line');
    rmSync(join(log, '..'), { recursive: true });
  });

  it('ends a step that takes too long, and everything that it started', async () => {
    const spawner = `
      import { spawn } from 'node:child_process';
      import { writeFileSync } from 'node:fs';
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      process.on('SIGTERM', () => {});
      writeFileSync('pids', process.pid + ' ' + child.pid);
      setInterval(() => {}, 1000);`;
    project({ lint: spawner });
    const { error } = await run([{ ...step('lint'), timeoutMs: 3_000 }]);
    expect(error?.message).toContain("The step 'lint' failed: it took longer than 0.05 minutes");
    const pids = readFileSync(join(home, 'pids'), 'utf8').split(' ').map(Number);
    await sleep(200);
    expect(pids.filter(alive)).toEqual([]);
  });

  it('stops when it is interrupted', async () => {
    project({
      lint: "import { writeFileSync } from 'node:fs'; writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000)",
    });
    const stop = new AbortController();
    const running = run([step('lint')], stop.signal);
    while (!existsSync(join(home, 'pid'))) await sleep(50);
    stop.abort(new Error('interrupted'));
    expect((await running).error?.message).toBe('interrupted');
    expect(alive(Number(readFileSync(join(home, 'pid'), 'utf8')))).toBe(false);
  });
});

describe('starting the system', () => {
  const seen = () =>
    JSON.parse(readFileSync(join(home, 'seen.json'), 'utf8')) as { pid: number; dataDir: string; there: boolean };

  it('probes it, creates one entity with a token, reads it back and leaves nothing', async () => {
    project({ start: server({}), token });
    vi.stubEnv('DATABASE_URL', 'postgres://of-the-person');
    const { proven, error } = await run([step('start')]);
    vi.unstubAllEnvs();
    expect(error).toBeUndefined();
    expect(proven).toEqual(['start']);
    expect(seen().there).toBe(true);
    expect(existsSync(seen().dataDir)).toBe(false);
    expect(alive(seen().pid)).toBe(false);
  });

  it.each([
    ['that ends at once', { start: 'process.exit(4)', token }, 'it ended with code 4 before it was ready'],
    ['that never gets ready', { start: server({ ready: 503 }), token }, '/readyz answers 503'],
    ['without tokens', { start: server({}), token: "console.log('none')" }, 'npm run token printed no token'],
    ['that refuses to create', { start: server({ created: 500 }), token }, 'POST /catalog/products answered 500'],
    ['that answers another entity', { start: server({ got: '{"id":"8"}' }), token }, 'answered another entity'],
  ])('%s fails the proof and leaves no process', async (_, scripts, message) => {
    project(scripts);
    const { error } = await run([{ ...step('start'), timeoutMs: message.includes('503') ? 4_000 : 60_000 }]);
    expect(error?.message).toContain("The step 'start' failed");
    expect(`${error?.message} ${(error?.cause as Error)?.message}`).toContain(message);
    if (existsSync(join(home, 'seen.json'))) expect(alive(seen().pid)).toBe(false);
  });
});

it('the first request creates an entity that refers to no other', () => {
  expect(firstRequest(blueprint)).toEqual({ path: '/catalog/products', body: { name: 'first', quantity: 1 } });
});

it('what npm and the person set does not reach the new project', () => {
  vi.stubEnv('npm_config_local_prefix', '/elsewhere');
  vi.stubEnv('NODE_ENV', 'production');
  vi.stubEnv('CACHE_URL_FILE', '/secret');
  const env = cleanEnvironment({ PORT: '1' }, ['CACHE_URL']);
  vi.unstubAllEnvs();
  expect(env).toMatchObject({ PORT: '1', PATH: process.env.PATH });
  expect(Object.keys(env)).not.toEqual(expect.arrayContaining(['npm_config_local_prefix']));
  expect('NODE_ENV' in env || 'CACHE_URL_FILE' in env).toBe(false);
});
