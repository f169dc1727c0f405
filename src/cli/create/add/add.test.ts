import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { hasTerminals, keys, onTerminal } from '../../../../test/support/terminal.ts';
import { load } from '../../../blueprint/load.ts';
import { main } from '../../create.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
const bin = join(import.meta.dirname, '../../../../bin/create-scalable-backend.ts');
let template: string;
let home: string;
let shop: string;

/** Runs the program in this process; what it prints is text without colours. */
async function program(cwd: string, ...args: readonly string[]) {
  const [out, err] = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockReturnValue(true));
  const written = (spy: typeof out) =>
    stripVTControlCharacters((spy?.mock.calls ?? []).map(([chunk]) => chunk).join(''));
  const before = process.cwd();
  process.chdir(cwd);
  try {
    const code = await main(args);
    return { code, out: written(out), err: written(err) };
  } finally {
    process.chdir(before);
    vi.restoreAllMocks();
  }
}
const add = (...args: readonly string[]) => program(shop, 'add', ...args, '--skip-install');
const read = (path: string) => readFileSync(join(shop, path), 'utf8');
const blueprint = () => load(read('architecture.yaml'));
const git = (...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
    cwd: shop,
    encoding: 'utf8',
  });
const commit = () => git('add', '-A') + git('commit', '--quiet', '--allow-empty', '-m', 'mine');
/** Every file with the moment when it was last written. */
const state = () =>
  readdirSync(shop, { recursive: true, encoding: 'utf8' })
    .filter((path) => path !== '.git' && !path.startsWith('.git/'))
    .map((path) => `${path} ${statSync(join(shop, path)).mtimeMs}`)
    .sort()
    .join('\n');
const status = () => git('status', '--porcelain', '--untracked-files=all').split('\n').filter(Boolean).sort();

beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'add-template-'));
  const { code, err } = await program(template, 'shop', '--yes', '--skip-install');
  expect({ code, err }).toEqual({ code: 0, err: '' });
});
afterAll(() => rmSync(template, { recursive: true, force: true }));
/** Inside it, every test has a copy of its own. */
function eachWithItsOwn(): void {
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'add-'));
    shop = join(home, 'shop');
    cpSync(join(template, 'shop'), shop, { recursive: true });
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));
}

describe('an addition', () => {
  eachWithItsOwn();

  it('of a module is found from any folder of the system, writes only what changed, and says what is left to do', async () => {
    const { code, out, err } = await program(
      join(shop, 'modules/orders/src'),
      ...['add', 'module', 'billing', '--uses', 'orders', '--yes', '--skip-install'],
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('The module billing is added to shop');
    expect(out).toMatch(/^ {2}\+ modules\/billing\/ \d+ files$/m);
    expect(out).toContain('  & architecture.yaml');
    expect(out).toContain('What is yours to do:');
    const changed = status().map((line) => line.slice(3));
    expect(changed.filter((path) => /^(?:modules\/(?:catalog|orders)|packages)\//.test(path))).toEqual([]);
    expect(changed).toEqual(
      expect.arrayContaining(['architecture.yaml', 'deployables/api/wiring.gen.ts', 'package.json']),
    );
    const { modules, deployables } = blueprint();
    expect(modules.at(-1)).toMatchObject({ name: 'billing', entity: 'invoice', uses: ['orders'] });
    expect(deployables).toMatchObject([{ name: 'api', hosts: ['catalog', 'orders', 'billing'] }]);
  });

  it('of an operation edits the contract and the module, and brings a use case and an HTTP test', async () => {
    const { code } = await add(
      'operation',
      'catalog',
      'archive-product',
      '--method',
      'post',
      '--path',
      '/products/{id}/archive',
    );
    expect(code).toBe(0);
    expect(status()).toEqual([
      ' M modules/catalog/src/contract.ts',
      ' M modules/catalog/src/module.ts',
      '?? modules/catalog/src/app/archive-product.ts',
      '?? tests/http/catalog-archive-product.test.ts',
    ]);
    expect(read('modules/catalog/src/contract.ts')).toContain("path: '/products/{id}/archive',");
    expect(read('modules/catalog/src/app/archive-product.ts')).toContain("throw problem(operation, 'notFound')");
  });

  it('of an operation on one that the module no longer finds does not need it', async () => {
    writeFileSync(join(shop, 'modules/catalog/src/infra/repository.ts'), 'export const mine = 1;\n');
    commit();
    const { code } = await add('operation', 'catalog', 'get-price', '--path', '/prices/{id}', '--yes');
    expect(code).toBe(0);
    expect(read('modules/catalog/src/app/get-price.ts')).not.toContain('repository');
  });

  it('of a consumer tells architecture.yaml and the manifest', async () => {
    const { code } = await add('consumer', 'catalog', 'orders.order-created');
    expect(code).toBe(0);
    expect(status()).toEqual([
      ' M .scalable-backend.lock.json',
      ' M architecture.yaml',
      ' M modules/catalog/package.json',
      ' M modules/catalog/src/consumers.ts',
      '?? modules/catalog/src/consumers/orders-order-created.ts',
      '?? modules/catalog/test/orders-order-created.test.ts',
    ]);
    expect(blueprint().modules[0]?.consumes).toEqual(['orders.order-created']);
  });

  it("of a consumer of the module's own event needs neither", async () => {
    const contract = 'modules/catalog/src/contract.ts';
    const event = '    productArchived: event({ version: 1, payload: change }),\n';
    writeFileSync(join(shop, contract), read(contract).replace(/^( {2}events: \{\n)/m, `$1${event}`));
    commit();
    expect((await add('consumer', 'catalog', 'catalog.product-archived')).code).toBe(0);
    expect(status().map((line) => line.slice(3))).toEqual([
      'modules/catalog/src/consumers.ts',
      'modules/catalog/src/consumers/catalog-product-archived.ts',
      'modules/catalog/test/catalog-product-archived.test.ts',
    ]);
  });

  it('of a job', async () => {
    expect((await add('job', 'orders', 'send-reminder')).code).toBe(0);
    expect(status()).toEqual([
      ' M modules/orders/src/jobs.ts',
      '?? modules/orders/src/jobs/send-reminder.ts',
      '?? modules/orders/test/send-reminder.test.ts',
    ]);
  });

  it('keeps comments, order and every edit of a person', async () => {
    const yaml = read('architecture.yaml')
      .replace('  orders: {', '  # the money\n  orders:   {')
      .replace(/^name: shop$/m, 'name:  shop   # ours');
    writeFileSync(join(shop, 'architecture.yaml'), yaml);
    const contract = 'modules/catalog/src/contract.ts';
    writeFileSync(join(shop, contract), `// mine\n${read(contract)}`);
    appendFileSync(join(shop, 'README.md'), '\nOurs.\n');
    appendFileSync(join(shop, 'deployables/api/main.ts'), '\n// ours\n');
    commit();
    const before = { yaml: read('architecture.yaml'), contract: read(contract) };
    expect((await add('operation', 'catalog', 'archive-it', '--yes')).code).toBe(0);
    expect(read('architecture.yaml')).toBe(before.yaml);
    commit();
    const { code, out } = await add('module', 'billing', '--uses', 'orders', '--yes');
    expect(code).toBe(0);
    const lines = new Set(read('architecture.yaml').split('\n'));
    expect(before.yaml.split('\n').filter((line) => !lines.has(line))).toEqual([
      '  api: { kind: server, hosts: [catalog, orders], public: true }',
    ]);
    expect(read(contract).startsWith('// mine\n')).toBe(true);
    expect(read('README.md')).toContain('Ours.');
    expect(read('deployables/api/main.ts')).toContain('// ours');
    expect(out).toContain('! README.md you edited it, and what would be generated changed too');
  });

  it('leaves nothing for the generator to do', async () => {
    for (const args of [
      ['operation', 'orders', 'cancel-it', '--yes'],
      ['consumer', 'catalog', 'orders.order-created'],
      ['job', 'orders', 'send-reminder'],
      ['module', 'billing', '--uses', 'orders', '--yes'],
    ]) {
      expect((await add(...args)).code, args.join(' ')).toBe(0);
      commit();
    }
    const { code } = await program(shop, '.', '--yes', '--skip-install');
    expect(code).toBe(0);
    expect(status()).toEqual([]);
  });

  it('can be looked at before anything is written, and tells programs what it did', async () => {
    const looked = await add('module', 'billing', '--yes', '--dry-run');
    expect(looked.code).toBe(0);
    expect(looked.out).toContain('+  billing: { path: modules/billing, entity: invoice }');
    expect(status()).toEqual([]);
    const { out, code } = await add('job', 'orders', 'send-reminder', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      name: 'shop',
      added: 'The job send-reminder of orders',
      files: [
        { path: 'modules/orders/src/jobs.ts', action: 'merge' },
        { path: 'modules/orders/src/jobs/send-reminder.ts', action: 'create' },
        { path: 'modules/orders/test/send-reminder.test.ts', action: 'create' },
      ],
    });
  });

  it('completes what a person began by hand, and leaves that as it is', async () => {
    const contract = 'modules/catalog/src/contract.ts';
    const own =
      "    archiveIt: operation({ method: 'POST', path: '/it', summary: 'Mine', scope: 'x', input: Type.Object({}) }),\n";
    writeFileSync(join(shop, contract), read(contract).replace(/^( {2}operations: \{\n)/m, `$1${own}`));
    commit();
    expect((await add('operation', 'catalog', 'archive-it', '--yes')).code).toBe(0);
    expect(status()).toEqual([
      ' M modules/catalog/src/module.ts',
      '?? modules/catalog/src/app/archive-it.ts',
      '?? tests/http/catalog-archive-it.test.ts',
    ]);
    expect(read('modules/catalog/src/module.ts')).toContain('archiveIt: archiveIt(ctx),');
  });
});

describe('what cannot be added is refused with one line and the nearest valid choice; nothing is written', () => {
  let before: string;
  beforeAll(() => {
    shop = join(template, 'shop');
    before = state();
  });
  it.each<[readonly string[], string, string]>([
    [['modul', 'x1'], "Unknown command 'modul'", 'Did you mean module?'],
    [['operation', 'catalog'], "Missing required argument 'name'", '--help'],
    [['operation', 'catalgo', 'get-it', '--yes'], "names the module 'catalgo'", "Did you mean 'catalog'?"],
    [['operation', 'catalog', 'getIt', '--yes'], "'getIt' cannot name an operation", "Try 'get-it'."],
    [['operation', 'catalog', 'delete', '--yes'], 'reserved word', "as in 'delete-order'"],
    [['operation', 'catalog', 'jobs', '--yes'], 'use that name themselves', 'Say what it is about'],
    [['operation', 'catalog', 'item-2', '--yes'], 'starts with a letter', "Write 'item2'."],
    [['operation', 'catalog', 'get-product', '--yes'], 'has an operation getProduct already', 'another name'],
    [['operation', 'catalog', 'get-activity', '--yes'], "'getActivity' cannot name an operation", 'another name'],
    [['operation', 'catalog', 'get-it', '--method', 'GETT'], "--method does not know 'GETT'", "Did you mean 'GET'?"],
    [['operation', 'catalog', 'get-it', '--path', 'things', '--yes'], "'things' is no path", 'between slashes'],
    [['operation', 'catalog', 'get-it', '--path', '/a/{x}/{x}', '--yes'], 'is no path', 'between slashes'],
    [
      ['operation', 'catalog', 'get-it', '--method', 'GET', '--path', '/products/{name}'],
      'GET /products/{name} is getProduct of catalog already',
      'another --path',
    ],
    [['operation', 'catalog', 'get-it'], 'There is no terminal', 'Add --method <method>, or --yes'],
    [['consumer', 'catalog', 'order-created'], "'order-created' is no topic", 'catalog.product-created'],
    [['consumer', 'catalog', 'order.created'], "names the module 'order'", "Did you mean 'orders'?"],
    [['consumer', 'catalog', 'orders.order-craeted'], "orders publishes no 'order-craeted'", "'orders.order-created'"],
    [['consumer', 'orders', 'catalog.product-deleted'], 'orders consumes catalog.product-deleted already', 'another'],
    [['consumer', 'orders', 'orders.order-created'], 'orders consumes orders.order-created already', 'another'],
    [['job', 'orders', 'index-order'], 'orders has a job index-order already', 'another name'],
    [['job', 'orders', 'prune'], "'prune' cannot name a job", 'another name'],
    [['job', 'orders', 'Index Order'], "'Index Order' cannot name a job", "Try 'index-order'."],
    [['module', 'catalog', '--yes'], "shop has a module 'catalog' already", 'add operation catalog'],
    [['module', 'class', '--yes'], 'reserved word', "Try 'classes'"],
    [['module', 'a:b:c', '--yes'], "'a:b:c' is not a module", 'billing:invoice'],
    [['module', 'billing', '--uses', 'ordes', '--yes'], "--uses names the module 'ordes'", "Did you mean 'orders'?"],
    [['module', 'billing', '--uses', 'billing', '--yes'], 'cannot use itself', 'Leave it out'],
    [['module', 'billing', '--place', 'apu', '--yes'], "'apu' is no place for billing", "Did you mean 'api'?"],
    [['module', 'billing'], 'There is no terminal', 'Add --uses <list>, or --yes'],
    [['deployable', 'api', '--hosts', 'orders', '--yes'], "has a deployable 'api' already", 'architecture.yaml'],
    [
      ['deployable', 'sales', '--hosts', 'ordes', '--yes'],
      "--hosts names the module 'ordes'",
      "Did you mean 'orders'?",
    ],
    [['deployable', 'sales', '--yes'], '--hosts names none for sales', 'catalog, orders'],
    [['deployable', 'redis', '--hosts', 'orders', '--yes'], 'a service that deployables use', 'another name'],
    [['deployable', 'sales', '--kind', 'worker', '--hosts', 'orders'], "--kind does not know 'worker'", 'server'],
    [['deployable', 'edge', '--kind', 'gateway', '--hosts', 'orders'], 'hosts no module', 'Leave --hosts out'],
  ])('%j', async (args, message, next) => {
    const { code, out, err } = await add(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err).toContain(next);
    expect(err.trimEnd().split('\n')).toHaveLength(2);
    expect(state()).toBe(before);
  });
});

describe('what a person has to mend first is refused; nothing is written', () => {
  eachWithItsOwn();

  it('nothing named', async () => {
    expect(await program(shop, 'add')).toMatchObject({
      code: 2,
      err: expect.stringContaining('module, deployable, operation'),
    });
  });

  it('no system here', async () => {
    const { code, err } = await program(home, 'add', 'job', 'orders', 'send-it');
    expect(code).toBe(2);
    expect(err).toContain('no .scalable-backend.lock.json');
    expect(err).toContain('npx create-scalable-backend shop');
  });

  it('a system of another version', async () => {
    const lock = '.scalable-backend.lock.json';
    writeFileSync(join(shop, lock), read(lock).replace(/"generator": "[^"]+"/, '"generator": "0.0.9"'));
    const { code, err } = await add('job', 'orders', 'send-it');
    expect(code).toBe(2);
    expect(err).toContain('generated by version 0.0.9');
    expect(err).toContain('npx create-scalable-backend@0.0.9 add');
  });

  it('work that is not committed, unless --force; it says what could no longer be told apart', async () => {
    appendFileSync(join(shop, 'README.md'), 'mine\n');
    const { code, err } = await add('job', 'orders', 'send-it');
    expect(code).toBe(2);
    expect(err).toContain('Not everything is committed here: README.md.');
    expect(err).toContain('--force adds all the same');
    expect(status()).toEqual([' M README.md']);
    expect((await add('job', 'orders', 'send-it', '--force')).code).toBe(0);
    expect(read('README.md')).toContain('mine\n');
  });

  it('a circle in architecture.yaml, with its place', async () => {
    const yaml = read('architecture.yaml').replace('entity: product }', 'entity: product, uses: [orders] }');
    writeFileSync(join(shop, 'architecture.yaml'), yaml);
    commit();
    const { code, err } = await add('module', 'billing', '--yes');
    expect(code).toBe(2);
    expect(err).toMatch(/architecture\.yaml:\d+:\d+: Modules use each other in a cycle: /);
  });

  it.each([
    ['edited', (file: string) => appendFileSync(file, '// mine\n'), 'you edited it'],
    ['deleted', (file: string) => rmSync(file), 'you deleted it'],
  ])('a wiring that a person %s', async (_, touch, why) => {
    touch(join(shop, 'deployables/api/wiring.gen.ts'));
    commit();
    const { code, err } = await add('module', 'billing', '--yes');
    expect(code).toBe(2);
    expect(err).toContain('has to be written into deployables/api/wiring.gen.ts, which the generator owns, and');
    expect(err).toContain(why);
    expect(err).toContain('Move your change to the main.ts beside it');
    expect(status()).toEqual([]);
    expect((await add('job', 'orders', 'send-it')).code).toBe(0);
  });

  it('a folder that is there', async () => {
    mkdirSync(join(shop, 'modules/billing/src'), { recursive: true });
    writeFileSync(join(shop, 'modules/billing/src/contract.ts'), '// mine\n');
    commit();
    const { code, err } = await add('module', 'billing', '--yes');
    expect(code).toBe(2);
    expect(err).toContain('modules/billing is there already');
    expect(status()).toEqual([]);
  });

  it('a module written in another way: the place, the lines to add by hand, and all or nothing', async () => {
    const file = 'modules/catalog/src/module.ts';
    writeFileSync(
      join(shop, file),
      read(file)
        .replace('operations: {', 'operations: make({')
        .replace(/^ {4}\},$/m, '    }),'),
    );
    commit();
    const { code, err } = await add('operation', 'catalog', 'archive-it', '--yes');
    expect(code).toBe(2);
    expect(err).toMatch(/modules\/catalog\/src\/module\.ts:\d+:\d+: /);
    expect(err).toContain("import { archiveIt } from './app/archive-it.ts';");
    expect(err).toContain('archiveIt: archiveIt(ctx),');
    expect(status()).toEqual([]);
  });

  it('a file that is not there', async () => {
    rmSync(join(shop, 'modules/orders/src/jobs.ts'));
    commit();
    const { code, err } = await add('job', 'orders', 'send-it');
    expect(code).toBe(2);
    expect(err).toContain('modules/orders/src/jobs.ts is not there');
    expect(status()).toEqual([]);
  });

  it('as JSON for programs', async () => {
    const { code, out } = await add('job', 'ordes', 'send-it', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(out).error.next).toBe("Did you mean 'orders'?");
  });
});

describe('--help', () => {
  it.each([[['add', '--help']], [['add', 'operation', '--help']]])('%j', async (args) => {
    const { code, out } = await program(template, ...args);
    expect(code).toBe(0);
    expect(out).toContain('Usage: create-scalable-backend add');
  });
});

describe.skipIf(!hasTerminals)('on a terminal (python3 makes it)', () => {
  eachWithItsOwn();

  it('asks what no flag answered', async () => {
    const { text, code } = await onTerminal({
      command: [process.execPath, bin, 'add', 'module', 'billing', '--skip-install'],
      cwd: shop,
      steps: [
        ['Which modules does it call?', `orders${keys.enter}`],
        ['Where does it run?', keys.enter],
      ],
    });
    expect(code, text).toBe(0);
    expect(blueprint().modules.at(-1)).toMatchObject({ name: 'billing', uses: ['orders'] });
  });
});
