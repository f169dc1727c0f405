import { describe, expect, it } from 'vitest';
import { memoryWorkspace } from '../../../src/extract/workspace/memory.ts';
import { lintOf } from '../../support/lint.ts';

const findingsOf = async (rule: string, files: Readonly<Record<string, string>>) =>
  (await lintOf(memoryWorkspace(Object.entries(files)))).findings.filter((finding) => finding.rule === rule);
const messagesOf = async (rule: string, files: Readonly<Record<string, string>>) =>
  (await findingsOf(rule, files)).map(({ message }) => message);

describe('an import that leads nowhere', () => {
  const lint = (text: string) => lintOf(memoryWorkspace([['src/a.ts', text]]));
  it('is a gap where it stands', async () => {
    const { exitCode, coverage } = await lint("import './here.ts';\nimport './gone.ts';\n");
    expect(exitCode).toBe(2);
    expect(coverage.gaps.map(({ why, detail, span, blocks }) => [why, detail, span, blocks])).toEqual([
      ['unresolved', "'./here.ts' leads to no file", [7, 18], true],
      ['unresolved', "'./gone.ts' leads to no file", [27, 38], true],
    ]);
    expect(coverage.imports).toEqual({ seen: 2, resolved: 0 });
  });
  it('is none when it is about types alone, which no program runs', async () => {
    expect((await lint("import type { A } from './gone.ts';\n")).exitCode).toBe(0);
  });
});

describe('modules', () => {
  const architecture = (more: string) =>
    `version: 1\nname: shop\nmodules:\n  orders: { path: orders${more} }\n  orders-archive: { path: archive }\n`;
  const files = {
    'architecture.yaml': architecture(''),
    'orders/src/contract.ts': 'export const order = 1;\nexport type Order = 1;\n',
    'orders/src/contractor.ts': 'export const inside = 1;\n',
    'archive/src/contract.ts': 'export const old = 1;\n',
    'archive/src/a.ts': 'export const a = 1;\n',
  };
  it('keep to themselves what is only called like a contract', async () => {
    const imports = "import { inside } from '../../orders/src/contractor.ts';\nexport const a = inside;\n";
    expect(await messagesOf('module-boundary', { ...files, 'archive/src/a.ts': imports })).toEqual([
      'archive/src/a.ts imports orders/src/contractor.ts, which is private to orders.',
    ]);
  });
  it('depend on whose events they consume, and on nobody called alike', async () => {
    const changed = {
      ...files,
      'orders/src/contract.ts': "import { old } from '../../archive/src/contract.ts';\nexport const order = old;\n",
    };
    const undeclared = (more: string) =>
      messagesOf('undeclared-dependency', { ...changed, 'architecture.yaml': architecture(more) });
    expect(await undeclared(', consumes: [orders-archive.moved]')).toEqual([]);
    expect(await undeclared(', consumes: [orders-archive-old.moved]')).toHaveLength(1);
  });
  it('depend on each other in one direction when the other one is about types alone, and both when any import is not', async () => {
    const archive = (imports: string) => ({
      ...files,
      'orders/src/b.ts': "import { old } from '../../archive/src/contract.ts';\nexport const b = old;\n",
      'archive/src/a.ts': imports,
    });
    const types = "import type { Order } from '../../orders/src/contract.ts';\nexport type A = Order;\n";
    const values = "import { order } from '../../orders/src/contract.ts';\nexport const a = order;\n";
    expect(await findingsOf('cyclic-dependency', archive(types))).toEqual([]);
    expect(await findingsOf('cyclic-dependency', archive(types + values))).toHaveLength(1);
    expect(await findingsOf('cyclic-dependency', archive(values + types))).toHaveLength(1);
  });
  it('have layers of their own', async () => {
    const layered = {
      ...files,
      'architecture.yaml': `${architecture('')}lint: { layers: ["*/src/{domain,app}"] }\n`,
      'orders/src/domain/a.ts': "import '../../../archive/src/app/a.ts';\n",
      'orders/src/app/a.ts': 'export {};\n',
      'archive/src/domain/a.ts': 'export {};\n',
      'archive/src/app/a.ts': 'export {};\n',
    };
    expect(await messagesOf('layer-order', layered)).toEqual([]);
    expect(
      await messagesOf('layer-order', { ...layered, 'orders/src/domain/a.ts': "import '../app/a.ts';\n" }),
    ).toEqual(['orders/src/domain/a.ts imports orders/src/app/a.ts: domain is below app (domain ← app).']);
  });
});

describe('programs', () => {
  const files = {
    'compose.yaml': 'services:\n  cart:\n    build: ./cart\n  user:\n    build: ./user\n',
    'cart/package.json': '{ "name": "cart" }',
    'cart/setup.ts': "import axios from 'axios';\naxios.defaults.timeout = 1000;\n",
    'cart/index.ts': "import axios from 'axios';\nexport const find = () => axios.get('/x');\n",
    'user/package.json': '{ "name": "user" }',
    'user/index.ts': "import axios from 'axios';\nexport const find = () => axios.get('/x');\n",
  };
  it('do not limit the calls of each other', async () => {
    const found = await findingsOf('missing-timeout', files);
    expect(found.map(({ at, confidence }) => [at[0].path, confidence])).toEqual([['user/index.ts', 'certain']]);
  });
  it('are set by what compose says before the files that it names', async () => {
    const compose = (environment: string) =>
      `services:\n  cart:\n    build: ./cart\n    env_file: cart.env\n${environment}  user:\n    build: ./user\n    environment: { DATABASE_URL: "postgres://db/user" }\n`;
    const shared = (environment: string) =>
      messagesOf('shared-persistence', {
        ...files,
        'cart.env': 'DATABASE_URL=postgres://db/user\n',
        'compose.yaml': compose(environment),
      });
    expect(await shared('')).toEqual(['cart, user share postgres://db:5432/user.']);
    expect(await shared('    environment: { DATABASE_URL: "postgres://db/cart" }\n')).toEqual([]);
  });
});
