import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hasTerminals, keys, onTerminal } from '../../../test/support/terminal.ts';
import { load } from '../../blueprint/load.ts';
import { main } from '../create.ts';

vi.setConfig({ testTimeout: 90_000 });
const bin = join(import.meta.dirname, '../../../bin/create-scalable-backend.ts');
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'create-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Runs the program in this process, in `home`; what it prints is text without colours. */
async function create(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err] = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockReturnValue(true));
  const written = (spy: typeof out) =>
    stripVTControlCharacters((spy?.mock.calls ?? []).map(([chunk]) => chunk).join(''));
  const before = process.cwd();
  process.chdir(home);
  try {
    const code = await main(args);
    return { code, out: written(out), err: written(err) };
  } finally {
    process.chdir(before);
    vi.restoreAllMocks();
  }
}
const fast = ['--skip-install', '--no-git'];

describe('a wrong command gets one clear line, the next step, exit code 2, and writes nothing', () => {
  it.each<[readonly string[], string, string]>([
    [['--ys'], "Unknown option '--ys'", 'Did you mean --yes?'],
    [['shop', 'extra', '--yes'], 'Too many arguments', '--help'],
    [['--style', 'monolit', '--yes'], "--style does not know 'monolit'", "Did you mean 'monolith'?"],
    [['--style', 'serverless', '--broker', 'rabbitmq', '--yes'], 'Functions does not fit', '--broker sns'],
    [['--style', 'serverless', '--broker', 'memory', '--yes'], 'Functions does not fit', '--broker sns'],
    [['--style', 'serverless', '--deploy', 'compose', '--yes'], 'Functions does not fit', 'add sam to --deploy'],
    [['--style', 'serverless', '--deploy', 'compose,sam', '--yes'], 'Functions does not fit', '--deploy sam'],
    [['--style', 'serverless', '--observability', 'prometheus', '--yes'], 'nothing to scrape', '--observability none'],
    [['--broker', 'sns', '--yes'], 'Amazon SNS and SQS does not fit', '--broker rabbitmq'],
    [['--deploy', 'sam', '--yes'], 'AWS SAM does not fit', '--style serverless'],
    [['--cache', 'reddis', '--yes'], "--cache does not know 'reddis'", "Did you mean 'redis'?"],
    [['--deploy', 'compose,heroku', '--yes'], "does not know 'heroku'", 'Use one of: compose, sam, none.'],
    [['--cache', 'redis,memory', '--yes'], '--cache takes one value', 'redis'],
    [['--modules', 'a1,b1', '--uses', 'a1:b1,b1:a1', '--yes'], 'a1 → b1 → a1', 'consume an event'],
    [['--observability', 'grafana', '--yes'], 'Grafana does not fit this system', 'prometheus,grafana'],
    [['--style', 'microservices', '--broker', 'memory', '--yes'], 'does not fit this system', '--broker rabbitmq'],
    [['--style', 'hybrid', '--place', 'ordres=service', '--yes'], "the module 'ordres'", "Did you mean 'orders'?"],
    [['--style', 'hybrid', '--place', 'orders=servce', '--yes'], "'servce' is no place", "Did you mean 'service'?"],
    [['--place', 'orders=service', '--yes'], 'this system is a monolith', '--style hybrid'],
    [['--uses', 'orders:catalgo', '--yes'], "the module 'catalgo'", "Did you mean 'catalog'?"],
    [['--framework', 'expres', '--yes'], "--framework does not know 'expres'", "Did you mean 'express'?"],
    [['--broker', 'rabitmq', '--yes'], "--broker does not know 'rabitmq'", "Did you mean 'rabbitmq'?"],
    [['--from', 'missing.yaml'], 'missing.yaml cannot be read: ENOENT', 'architecture.yaml'],
    [['--from', 'a.yaml', '--cache', 'redis'], '--cache cannot be given as well', 'leave --from out'],
    [['--start', '--skip-install', '--yes'], '--start needs an installed system', 'Leave one'],
    [['--modules', 'catalog'], 'There is no terminal to ask questions on', 'Add --yes'],
    [['My Shop', '--yes'], "'My Shop' cannot name the system", "Try 'my-shop'."],
  ])('%j', async (args, message, next) => {
    const { code, out, err } = await create(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err).toContain(next);
    expect(err.trimEnd().split('\n')).toHaveLength(2);
    expect(readdirSync(home)).toEqual([]);
  });

  it.each([
    [
      'version: 1\nname: shop\nmodules:\n  catalog: { path: modules/catalog, entty: x }\n',
      'a.yaml:4:37: modules.catalog has no key',
    ],
    ['version: 1\nname: shop\nmodules:\n  catalog: { path: src/catalog }\n', 'a.yaml'],
    [
      'version: 1\nname: shop\nstack: { database: postgers }\nmodules:\n  catalog: { path: modules/catalog }\ndeployables:\n  api: { kind: server, hosts: [catalog] }\n',
      "a.yaml:3:20: There is no database 'postgers'",
    ],
    [
      'version: 1\nname: shop\nmodules:\n  ab: { path: modules/ab, entity: cd }\n  ef: { path: modules/ef, consumes: [ab.cd-delted] }\ndeployables:\n  api: { kind: server, hosts: [ab, ef] }\n',
      "a.yaml:5:38: ab publishes no 'cd-delted'",
    ],
    [
      'version: 1\nname: shop\nmodules:\n  ab: { path: modules/ab }\ndeployables:\n  api: { kind: server, hosts: [ab] }\n  extra: { kind: worker, hosts: [ab] }\n',
      'a.yaml:7:18: This version generates no workers; extra is one',
    ],
    [
      'version: 1\nname: shop\nstack: { broker: memory }\nmodules:\n  ab: { path: modules/ab }\n  ef: { path: modules/ef }\ndeployables:\n  one: { kind: server, hosts: [ab] }\n  two: { kind: server, hosts: [ef] }\n',
      'In process does not fit this system',
    ],
    [
      'version: 1\nname: shop\nmodules:\n  ab: { path: modules/ab }\n  ef: { path: modules/ef }\ndeployables:\n  one: { kind: server, hosts: [ab], public: true }\n  two: { kind: server, hosts: [ef], public: true }\n',
      'a.yaml:8:45: one and two are both public',
    ],
    [
      'version: 1\nname: shop\nmodules:\n  ab: { path: modules/ab }\ndeployables:\n  one: { kind: server, hosts: [ab] }\n  two: { kind: server, hosts: [ab] }\n',
      'a.yaml:7:31: ab is hosted by one and two',
    ],
    [
      'version: 1\nname: shop\nmodules:\n  ab: { path: modules/ab, uses: [ef] }\n  ef: { path: modules/ef, uses: [ab] }\ndeployables:\n  one: { kind: server, hosts: [ab, ef] }\n',
      'in a cycle: ab → ef → ab',
    ],
    [
      'version: 1\nname: shop\nmodules:\n  ab: { path: modules/ab }\ndeployables:\n  one: { kind: server, hosts: [abc] }\n',
      'a.yaml:6',
    ],
  ])('a file: %j', async (text, message) => {
    writeFileSync(join(home, 'a.yaml'), text);
    const { code, err } = await create('--from', 'a.yaml');
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(readdirSync(home)).toEqual(['a.yaml']);
  });

  it('as JSON for programs', async () => {
    const { code, out } = await create('--json', '--cache', 'reddis');
    expect(code).toBe(2);
    expect(JSON.parse(out).error).toEqual({
      message: "--cache does not know 'reddis'.",
      next: "Did you mean 'redis'?",
    });
  });
});

describe('a system', () => {
  it('is written with every default, and says what was made and what was not proven', async () => {
    const { code, out, err } = await create('shop', '--yes', ...fast);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^\nshop is in shop: \d+ files, no repository, as you asked\.\n/);
    expect(out).toContain('catalog · orders → catalog');
    expect(out).toContain('install, typecheck, lint, arch, test, start (--skip-install)');
    expect(out).toContain('cd shop && npm install && npm run dev');
    expect(readdirSync(home)).toEqual(['shop']);
    const { modules } = load(readFileSync(join(home, 'shop/architecture.yaml'), 'utf8'));
    expect(modules.map(({ name }) => name)).toEqual(['catalog', 'orders']);
  });

  it('is the same from its own file', async () => {
    await create('shop', '--modules', 'people,teams', '--uses', 'teams:people', '--yes', ...fast);
    const result = await create('--json', '--from', 'shop/architecture.yaml', 'copy', ...fast);
    expect(result.code).toBe(0);
    expect(JSON.parse(result.out)).toMatchObject({ name: 'shop', proven: [] });
    const read = (path: string) => readFileSync(join(home, path), 'utf8');
    expect(read('copy/.scalable-backend.lock.json')).toBe(read('shop/.scalable-backend.lock.json'));
  });

  it('is generated again from its own file, keeping edits and showing first', async () => {
    await create('shop', '--yes', ...fast);
    const file = join(home, 'shop/architecture.yaml');
    const mine = join(home, 'shop/modules/catalog/src/domain/product.ts');
    writeFileSync(mine, '// mine\n');
    expect((await create('shop', '--cache', 'memory', '--yes')).err).toContain('--cache cannot describe it');

    const text = readFileSync(file, 'utf8')
      .replace('cache: redis', 'cache: memory')
      .replace(/^name: shop$/m, 'name: shop # ours');
    writeFileSync(file, text);
    const shown = await create('shop', '--dry-run', '--yes');
    expect(shown.out).toMatch(/^- +redis\.ts$/m);
    expect(shown.out).toContain("-import { redisCache } from '@shop/platform/cache/redis';");
    expect(existsSync(join(home, 'shop/packages/platform/src/cache/redis.ts'))).toBe(true);

    const { code, out } = await create('shop', '--json', ...fast);
    expect(code).toBe(0);
    const actions = Object.fromEntries(
      (JSON.parse(out).files as { path: string; action: string }[]).map(({ path, action }) => [path, action]),
    );
    expect(actions).toMatchObject({
      'packages/platform/src/cache/redis.ts': 'delete',
      'modules/catalog/src/domain/product.ts': 'keep',
      'deployables/api/wiring.gen.ts': 'update',
    });
    expect(existsSync(join(home, 'shop/packages/platform/src/cache/redis.ts'))).toBe(false);
    expect(readFileSync(mine, 'utf8')).toBe('// mine\n');
    expect(readFileSync(file, 'utf8')).toContain('name: shop # ours');
  });

  it('goes beside the README and LICENSE of a fresh repository and changes neither', async () => {
    mkdirSync(join(home, 'shop/.git'), { recursive: true });
    writeFileSync(join(home, 'shop/README.md'), 'mine\n');
    const { code, out } = await create('shop', '--yes', '--skip-install');
    expect(code).toBe(0);
    expect(out).toContain('README.md it was here before');
    expect(out).toContain('the directory is a repository already');
    expect(readFileSync(join(home, 'shop/README.md'), 'utf8')).toBe('mine\n');
  });

  it('can be looked at before anything is written', async () => {
    const { code, out } = await create('shop', '--yes', '--dry-run');
    expect(code).toBe(0);
    expect(out).toMatch(/^\+ {7}contract\.ts$/m);
    expect(readdirSync(home)).toEqual([]);
  });
});

describe.skipIf(!hasTerminals)('on a terminal (python3 makes it)', () => {
  const command = [process.execPath, bin, ...fast];
  it('asks what no flag answered, refuses a wrong answer at once, and writes what was answered', async () => {
    const { text, code } = await onTerminal({
      command: [...command, '--ci', 'none'],
      cwd: home,
      steps: [
        ['What is the system called?', `desk${keys.enter}`],
        ['How does the system run?', keys.enter],
        ['Which HTTP framework moves the bytes?', keys.enter],
        ['Which modules does it have?', `tickets,class${keys.enter}`],
        ['reserved word', `${'\u007f'.repeat(6)}${keys.enter}`],
        ['Which module calls which?', keys.enter],
        ['Which cache do instances share?', `${keys.down}${keys.enter}`],
        ['What carries events between processes?', keys.enter],
        ['What should it deploy to?', keys.enter],
        ['What watches it?', keys.enter],
        ['What puts load on it?', keys.enter],
      ],
    });
    expect(code, text).toBe(0);
    expect(text).not.toContain('Where does continuous integration run?');
    expect(text).toContain('desk is in desk');
    const { modules, stack, delivery } = load(readFileSync(join(home, 'desk/architecture.yaml'), 'utf8'));
    expect(modules.map(({ name, entity }) => `${name}:${entity}`)).toEqual(['tickets:ticket']);
    expect(stack.cache).toBe('memory');
    expect(delivery).toMatchObject({ ci: 'none', deploy: ['compose'] });
    expect([...delivery.observability].sort()).toEqual(['grafana', 'prometheus']);
  });

  it('stops at Ctrl-C with exit code 130 and writes nothing', async () => {
    const { text, code } = await onTerminal({
      command: [...command, 'desk'],
      cwd: home,
      steps: [['How does the system run?', keys.interrupt]],
    });
    expect(code, text).toBe(130);
    expect(text).toContain('nothing was written');
    expect(readdirSync(home)).toEqual([]);
  });
});
