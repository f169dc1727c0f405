import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readArchitecture } from '../../../src/blueprint/load.ts';

const bin = fileURLToPath(new URL('../../../bin/scalable-backend.ts', import.meta.url));
const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'init-'));
  made.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}
const run = (cwd: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, CI: '', NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
};
const described = (folder: string) => {
  const text = readFileSync(join(folder, 'architecture.yaml'), 'utf8');
  return { text, ...readArchitecture(text, 'architecture.yaml').architecture };
};

const nest = (name: string) => `import { Module } from '@nestjs/common';\n@Module({})\nexport class ${name} {}\n`;
const main =
  "import { NestFactory } from '@nestjs/core';\nasync function bootstrap() {\n  const app = await NestFactory.create({});\n  await app.listen(3000);\n}\nbootstrap();\n";
const nestMonorepo = {
  'package.json': '{"name":"shop","workspaces":["apps/*","libs/*"]}',
  'apps/api/package.json': '{"name":"api","dependencies":{"@nestjs/core":"11"}}',
  'apps/api/src/main.ts': `${main}import './orders/orders.module';\nimport './users/users.module';\n`,
  'apps/api/src/orders/orders.module.ts': `${nest('Orders')}import '../users/users.service';\nimport '@shop/money';\n`,
  'apps/api/src/orders/orders.service.ts': 'export const orders = 1;\n',
  'apps/api/src/users/users.module.ts': nest('Users'),
  'apps/api/src/users/users.service.ts': "import '../orders/orders.service';\nexport const users = 1;\n",
  'apps/mailer/package.json': '{"name":"mailer"}',
  'apps/mailer/src/main.ts': main,
  'libs/money/package.json': '{"name":"@shop/money","main":"src/index.ts"}',
  'libs/money/src/index.ts': 'export const money = 1;\n',
};
const layeredExpress = {
  'package.json': '{"name":"shop","dependencies":{"express":"5"}}',
  Dockerfile: 'FROM node:24\nCOPY . .\nCMD ["node", "src/index.js"]\n',
  'compose.yaml': 'services:\n  web:\n    build: .\n',
  'src/index.js':
    "const express = require('express');\nconst app = express();\napp.use(require('./routes/orders'));\napp.listen(3000);\n",
  'src/routes/orders.js': "module.exports = require('../controllers/orders');\n",
  'src/controllers/orders.js': "module.exports = require('../services/orders');\nfetch('https://a.example');\n",
  'src/services/orders.js': "module.exports = require('../models/orders');\n",
  'src/models/orders.js': 'module.exports = {};\n',
};
const workspaces = {
  'package.json': '{"name":"shop","workspaces":["packages/*"]}',
  'packages/server/package.json': '{"name":"@shop/server","dependencies":{"@shop/catalog":"*","express":"5"}}',
  'packages/server/index.js': "import '@shop/catalog';\nimport express from 'express';\nexpress().listen(3000);\n",
  'packages/catalog/package.json': '{"name":"@shop/catalog","main":"index.js"}',
  'packages/catalog/index.js': 'export * from "./inside.js";\n',
  'packages/catalog/inside.js': 'export const a = 1;\n',
};

describe('init', { timeout: 60_000 }, () => {
  it('finds applications, NestJS modules and libraries, and leaves a ring out of what is allowed', () => {
    const folder = folderWith(nestMonorepo);
    const { status, stdout, stderr } = run(folder, 'init');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('closes a ring');
    const { modules, deployables, lint, text } = described(folder);
    expect(Object.keys(modules ?? {}).sort()).toEqual(['money', 'orders', 'users']);
    expect(modules?.orders).toMatchObject({ path: 'apps/api/src/orders', uses: ['money', 'users'] });
    expect(modules?.users?.uses ?? []).toEqual([]);
    expect(deployables).toMatchObject({
      api: { path: 'apps/api', hosts: ['orders', 'users'] },
      mailer: { path: 'apps/mailer' },
    });
    expect(lint?.rules).toEqual({ 'framework-in-module': 'off' });
    expect(text).toContain('# likely: it has a NestJS module');
  });

  it('takes the layers of an application without modules for its parts', () => {
    const folder = folderWith(layeredExpress);
    expect(run(folder, 'init').status).toBe(0);
    const { modules, deployables } = described(folder);
    const uses = Object.fromEntries(Object.entries(modules ?? {}).map(([name, module]) => [name, module.uses ?? []]));
    expect(uses).toEqual({ controllers: ['services'], models: [], routes: ['controllers'], services: ['models'] });
    expect(Object.values(deployables ?? {})).toMatchObject([
      { path: '.', hosts: ['controllers', 'models', 'routes', 'services'] },
    ]);
    // From now on: what was there passes, and what a layer may not do fails.
    expect(run(folder, 'lint').status).toBe(0);
    writeFileSync(join(folder, 'src/models/orders.js'), "require('../routes/orders');\n");
    const after = run(folder, 'lint');
    expect(after.status).toBe(1);
    expect(after.stdout).toContain('models depends on routes, which is not declared');
  });

  it('takes workspace packages as they are', () => {
    const folder = folderWith(workspaces);
    expect(run(folder, 'init').status).toBe(0);
    const { modules, deployables } = described(folder);
    expect(modules).toEqual({ catalog: { path: 'packages/catalog' } });
    expect(deployables).toMatchObject({ server: { path: 'packages/server', hosts: ['catalog'] } });
  });

  it('knows modules of NestJS by what they import, whatever their files are called', () => {
    const folder = folderWith({
      ...nestMonorepo,
      'apps/api/src/main.ts': `${main}import './modules/orders/module';\nimport './modules/users/module';\n`,
      'apps/api/src/modules/orders/module.ts': nest('Orders'),
      'apps/api/src/modules/users/module.ts': nest('Users'),
      'apps/api/src/orders/orders.module.ts': '',
      'apps/api/src/users/users.module.ts': '',
    });
    expect(run(folder, 'init').status).toBe(0);
    expect(described(folder).lint?.rules).toEqual({ 'framework-in-module': 'off' });
  });

  it('takes no import that is only known when the program runs for a gap', () => {
    const folder = folderWith({
      ...workspaces,
      'packages/catalog/inside.js': 'export const load = (name) => import(name);\n',
    });
    expect(run(folder, 'init').status).toBe(0);
    expect(described(folder).lint?.unchecked).toBeUndefined();
  });

  it('accepts gaps until a day, and says so', () => {
    const folder = folderWith({
      ...workspaces,
      'packages/catalog/inside.js': "import './gone.js';\nexport const a = 1;\n",
    });
    expect(run(folder, 'init').status).toBe(0);
    expect(described(folder).lint?.unchecked).toMatchObject([{ path: 'packages/catalog/inside.js' }]);
  });

  it('writes nothing when asked only to show, or where it was run before, or where nothing is', () => {
    const folder = folderWith(workspaces);
    expect(run(folder, 'init', '--dry-run').stdout).toContain('catalog: { path: packages/catalog }');
    expect(readdirSync(folder)).toEqual(['package.json', 'packages']);
    expect(run(folder, 'init').status).toBe(0);
    const again = run(folder, 'init');
    expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('architecture.yaml is there already')]);
    expect(run(folderWith({ 'README.md': 'x' }), 'init')).toMatchObject({ status: 2 });
  });

  it('takes what a folder says of itself: a module with what it may use, or another system', () => {
    const folder = folderWith({
      ...layeredExpress,
      'src/billing/architecture.yaml':
        'uses: [models]\nlint: { maxWarnings: 0, rules: { hard-coded-endpoint: error } }\n',
      'src/billing/bill.js': "module.exports = require('../services/orders');\n",
      'examples/hello/architecture.yaml': 'version: 1\nname: hello\nmodules: { a: { path: a } }\n',
      'examples/hello/a/index.js': "fetch('https://b.example');\nexport const = ;\n",
      'examples/hello/package.json': '{"name":"hello"}',
    });
    expect(run(folder, 'init')).toMatchObject({ status: 0, stderr: '' });
    const { modules, lint, text } = described(folder);
    expect(modules?.billing).toEqual({ path: 'src/billing', uses: ['models', 'services'] });
    expect(text).toContain('# certain: it has an architecture.yaml of its own');
    expect(Object.keys(modules ?? {}).sort()).toEqual(['billing', 'controllers', 'models', 'routes', 'services']);
    expect(lint).toMatchObject({ ignore: ['examples/hello/**'] });
    expect(lint?.unchecked).toBeUndefined();
    expect(run(folder, 'lint').status).toBe(0);
    writeFileSync(join(folder, 'src/billing/pay.js'), "module.exports = require('../routes/orders');\n");
    expect(run(folder, 'lint')).toMatchObject({ status: 1 });
    writeFileSync(join(folder, 'src/billing/architecture.yaml'), 'uses: [model]\n');
    expect(run(folder, 'lint').stderr).toContain("There is no module 'model'");
  });

  it('gives every part a name of its own that the file accepts', () => {
    const folder = folderWith({
      'package.json': '{"name":"@My Org/Überlong-name-of-a-system-that-goes-on","workspaces":["a/*","b/*"]}',
      'a/core/package.json': '{"name":"@a/core"}',
      'a/core/index.js': 'export {};\n',
      'b/core/package.json': '{"name":"@b/core"}',
      'b/core/index.js': 'export {};\n',
      'b/X_1/package.json': '{"name":"@b/x"}',
      'b/X_1/index.js': 'export {};\n',
    });
    expect(run(folder, 'init')).toMatchObject({ status: 0 });
    expect(Object.keys(described(folder).modules ?? {}).sort()).toEqual(['a-core', 'b-core', 'x-1']);
  });
});

describe('names that mean something else', () => {
  it('to YAML or to a glob are written so that they are read back', () => {
    const folder = folderWith({
      'compose.yaml':
        'services:\n  "null": { build: ./null }\n  "true": { build: ./true }\n  "a # b\\n: c": { build: ./other }\n',
      'null/index.ts': "fetch('https://a.example');\n",
      'true/index.ts': "import '../null/index';\n",
      'other/[id]/{a,b}.ts': 'export const x = (\n',
    });
    expect(run(folder, 'init')).toMatchObject({ status: 0, stderr: '' });
    const { deployables } = described(folder);
    expect(Object.keys(deployables ?? {})).toEqual(['null', 'a-b-c', 'true']);
    expect(run(folder, 'lint').status).toBe(0);
  });
});
