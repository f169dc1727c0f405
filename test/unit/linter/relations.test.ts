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
  it('is none when it is about types alone, which no program runs, but is not counted as resolved', async () => {
    const { exitCode, coverage } = await lint("import type { A } from './gone.ts';\n");
    expect(exitCode).toBe(0);
    expect(coverage.imports).toEqual({ seen: 1, resolved: 0 });
  });
  it('or only where the program runs, is told and does not block', async () => {
    const { exitCode, coverage } = await lint('export const load = (name: string) => import(name);\n');
    expect(exitCode).toBe(0);
    expect(coverage.gaps.map(({ why, span, blocks }) => [why, span, blocks])).toEqual([['computed', [45, 49], false]]);
    expect(coverage.imports).toEqual({ seen: 1, resolved: 0 });
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
  it('may not be entered by a view of another one either, nor by one in a folder that is called like tests', async () => {
    const imports = "import { inside } from '../../orders/src/contractor.ts';\nexport const a = inside;\n";
    for (const [folder, name] of [
      ['archive', 'src/a.tsx'],
      ['docs', 'src/a.ts'],
    ] as const) {
      const found = await messagesOf('module-boundary', {
        ...files,
        'architecture.yaml': architecture('').replace('path: archive', `path: ${folder}`),
        [`${folder}/${name}`]: imports,
      });
      expect(found).toEqual([`${folder}/${name} imports orders/src/contractor.ts, which is private to orders.`]);
    }
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

describe('contracts that are required', () => {
  const contract = (name: string) =>
    `import { defineContract, event } from '@x/platform/contract';\nexport const ${name}Contract = defineContract('${name}', { operations: {}, events: { done: event({}) } });\n`;
  const module = (own: string, other: string, from: string, more = '') =>
    `import { defineModule, consume } from '@x/platform/module';\nimport { ${other}Contract } from '${from}';\nimport { ${own}Contract } from './contract.ts';\nexport const ${own} = defineModule({ contract: ${own}Contract, requires: { ${other}: ${other}Contract } });\n${more}`;
  const files = {
    'architecture.yaml':
      'version: 1\nname: x\nmodules:\n  a: { path: modules/a, uses: [b] }\n  b: { path: modules/b, uses: [a] }\n',
    'modules/a/src/contract.ts': contract('a'),
    'modules/b/src/contract.ts': contract('b'),
    'shared/contracts.ts': "export { bContract } from '../modules/b/src/contract.ts';\n",
  };
  it('close a ring for certain, also where events are consumed', async () => {
    const certainty = async (a: string) =>
      (
        await findingsOf('cyclic-dependency', {
          ...files,
          'modules/a/src/module.ts': a,
          'modules/b/src/module.ts': module('b', 'a', '../../a/src/contract.ts'),
        })
      ).map(({ confidence }) => confidence);
    const consumes = 'export const consumers = [consume(bContract.events.done, async () => {})];\n';
    expect(await certainty(module('a', 'b', '../../b/src/contract.ts', consumes))).toEqual(['certain']);
    const listens = `import { consume } from '@x/platform/module';\nimport { bContract } from '../../b/src/contract.ts';\n${consumes}`;
    expect(await certainty(listens)).toEqual(['possible']);
  });
  it('are dependencies, whoever hands them on', async () => {
    const undeclared = await messagesOf('undeclared-dependency', {
      ...files,
      'architecture.yaml': files['architecture.yaml'].replace(', uses: [b]', ''),
      'modules/a/src/module.ts': module('a', 'b', '../../../shared/contracts.ts'),
    });
    expect(undeclared).toEqual(['a depends on b, which is not declared.']);
  });
});

describe('a ring', () => {
  it('is the same one wherever its modules are', async () => {
    const ring = (first: string, second: string) => ({
      'architecture.yaml': `version: 1\nname: x\nmodules:\n  a: { path: ${first}, public: ["**"], uses: [b] }\n  b: { path: ${second}, public: ["**"], uses: [a] }\n`,
      [`${first}/x.ts`]: `import '../${second}/x.ts';\n`,
      [`${second}/x.ts`]: `import '../${first}/x.ts';\n`,
    });
    for (const [first, second] of [
      ['one', 'two'],
      ['two', 'one'],
    ] as const)
      expect((await findingsOf('cyclic-dependency', ring(first, second))).map(({ atoms }) => atoms)).toEqual([
        ['a>b', 'b>a'],
      ]);
  });
});

describe('boundaries', () => {
  const files = (lint: string, text: string) => ({
    'architecture.yaml': `version: 1\nname: x\nmodules: { a: { path: a }, b: { path: b, public: ["**"] } }\nlint:\n${lint}`,
    'a/x.ts': text,
    'b/x.ts': "import pg from 'pg';\nexport const b = pg;\n",
  });
  const boundary = (text: string) => `    - { ${text}, reason: because }\n`;
  it('are each told of an import that crosses several', async () => {
    const two = `  boundaries:\n${boundary('from: a, forbid: package:pg')}${boundary('from: module:a, forbid: "package:p*"')}`;
    expect(
      await messagesOf('forbidden-dependency', files(two, "import pg from 'pg';\nexport default pg;\n")),
    ).toHaveLength(2);
  });
  it('leave types alone where they are told to, packages as well', async () => {
    const types = "import type { Pool } from 'pg';\nexport type P = Pool;\n";
    const stated = `  boundaries:\n${boundary('from: a, forbid: package:pg')}`;
    expect(await messagesOf('forbidden-dependency', files(stated, types))).toHaveLength(1);
    const lenient = `  rules: { forbidden-dependency: [error, { typeOnly: false }] }\n${stated}`;
    expect(await messagesOf('forbidden-dependency', files(lenient, types))).toEqual([]);
  });
});

it('an address that is called is certain where it is ours, and a guess where it is public', async () => {
  const sure = async (url: string) =>
    (await findingsOf('hard-coded-endpoint', { 'a.ts': `export const a = () => fetch('${url}');\n` })).map(
      ({ confidence }) => confidence,
    );
  expect(await sure('http://payments:8080/x')).toEqual(['certain']);
  expect(await sure('https://api.example.com/x')).toEqual(['possible']);
});

describe('a health check', () => {
  const files = (kind: string, route: string) => ({
    'architecture.yaml': `version: 1\nname: x\nmodules:\n  orders: { path: modules/orders }\n  stock: { path: modules/stock }\ndeployables:\n  api: { kind: ${kind}, path: api, hosts: [orders] }\n`,
    'compose.yaml': 'services:\n  api:\n    build: ./api\n',
    'api/Dockerfile': 'FROM node:24\nUSER node\n',
    'api/main.ts': "import { orders } from '../modules/orders/src/routes.ts';\nexport const all = [orders];\n",
    'modules/orders/src/contract.ts': 'export const contract = 1;\n',
    'modules/stock/src/contract.ts': 'export const contract = 1;\n',
    'modules/orders/src/routes.ts': 'export const orders = 1;\n',
    [`modules/${route}/src/http.ts`]:
      "import fastify from 'fastify';\nconst app = fastify();\napp.get('/livez', async () => 'ok');\nexport const orders = app;\n",
  });
  const missing = (kind: string, route: string) => messagesOf('no-health-check', files(kind, route));
  it('may be that of a module that is hosted, and not of any other', async () => {
    expect(await missing('server', 'orders')).toEqual([]);
    expect(await missing('server', 'stock')).toHaveLength(1);
  });
  it('is asked of what starts in bin/www, which has no extension', async () => {
    const found = await messagesOf('no-health-check', {
      'package.json': '{"name":"shop","scripts":{"start":"node ./bin/www"},"dependencies":{"express":"5"}}',
      'app.js': "const app = require('express')();\nmodule.exports = app;\n",
      'bin/www':
        "#!/usr/bin/env node\nconst app = require('../app');\nrequire('http').createServer(app).listen(3000);\n",
    });
    expect(found).toEqual(['shop has no health check: no route, no HEALTHCHECK, no probe.']);
  });
  it('is not asked of functions', async () => {
    expect(await missing('functions', 'stock')).toEqual([]);
  });
});

it('generated code may not look into other modules either', async () => {
  const files = (name: string) => ({
    'architecture.yaml': 'version: 1\nname: x\nmodules: { a: { path: a, uses: [b] }, b: { path: b } }\n',
    [`a/${name}`]: "import '../b/src/inside.ts';\n",
    'b/src/contract.ts': 'export {};\n',
    'b/src/inside.ts': 'export {};\n',
  });
  expect(await findingsOf('module-boundary', files('x.gen.ts'))).toHaveLength(1);
  expect(await findingsOf('module-boundary', files('x.test.ts'))).toEqual([]);
});
