import { describe, expect, test } from 'vitest';
import { memoryWorkspace } from '../workspace/memory.ts';
import { fileRoles, pathRoles, withImported, withTestHelpers } from './roles.ts';

describe('what a path tells', () => {
  test.each([
    ['src/orders.ts', []],
    ['src/main/java/org/springframework/samples/test/Orders.java', []],
    ['samples/shop/src/main/java/com/shop/Orders.java', ['example']],
    ['adapter/integration-test/index.js', ['test']],
    ['fault-tolerance-test/fake.js', ['test']],
    ['ab-test/server.ts', []],
    ['latest/server.ts', []],
    ['packages/dev-server/test-plugins/a.ts', ['test', 'tool']],
    ['example-plugins/a.ts', ['example']],
    ['e2e-common/data.ts', ['test']],
    ['load-gen/robot.py', ['tool']],
    ['docker-compose.it.yml', ['test']],
    ['docker-compose.prod.yml', []],
    ['typings.d.ts', ['types']],
    ['.gitpod.Dockerfile', ['tool']],
    ['.devcontainer/Dockerfile', ['tool']],
    ['src/orders.controller.e2e.ts', ['test']],
    ['src/orders.int-spec.ts', ['test']],
    ['src/slack.integration.ts', []],
    ['src/vendors/vendors.service.ts', []],
    ['src/vendor/jquery.js', ['vendored']],
  ])('%s', (path, roles) => expect(pathRoles(path)).toEqual(roles));
});

test('a package with a page of its own is a user interface, also with a server of files beside it', () => {
  const manifest = JSON.stringify({ name: 'a', dependencies: { 'react-dom': '19', express: '5' } });
  const workspace = memoryWorkspace(
    Object.entries({
      'package.json': '{ "workspaces": ["page", "rendered"] }',
      'page/package.json': manifest,
      'page/index.html': '',
      'page/src/api.ts': '',
      'rendered/package.json': manifest,
      'rendered/src/server.ts': '',
    }),
  );
  const roles = fileRoles(
    workspace,
    new Map([
      ['page/src/api.ts', {}],
      ['rendered/src/server.ts', {}],
    ]),
  );
  expect(roles.get('page/src/api.ts')).toEqual(['ui']);
  expect(roles.get('rendered/src/server.ts')).toEqual(['production']);
});

test('a page and the program that it loads are a user interface, also where one manifest is there for all', () => {
  const paths = ['apps/web/src/main.ts', 'apps/api/src/main.ts', 'apps/api/src/public/a.ts'];
  const workspace = (dependencies: object) =>
    memoryWorkspace([
      ['package.json', JSON.stringify({ dependencies })],
      ['apps/web/src/index.html', ''],
      ['apps/api/src/public/index.html', ''],
      ...paths.map((path) => [path, ''] as const),
    ]);
  const rolesWith = (dependencies: object) => [
    ...fileRoles(workspace(dependencies), new Map(paths.map((path) => [path, {}]))).values(),
  ];
  const all = { '@angular/core': '21', '@nestjs/core': '11' };
  expect(rolesWith(all)).toEqual([['ui'], ['production'], ['production']]);
  expect(rolesWith({ express: '5' })).toEqual([['production'], ['production'], ['production']]);
});

test('a helper that only tests import is of the tests; production code that injection loads is not', () => {
  const production = [
    'src/testing.ts',
    'src/helpers.ts',
    'src/OrdersImpl.java',
    'src/routes/orders.ts',
    'src/Orders.test.ts',
  ] as const;
  const roles = new Map(
    production.map((path) => [path, path.includes('.test.') ? (['test'] as const) : (['production'] as const)]),
  );
  const imports = [
    ...production.slice(0, 4).map((path) => ['src/Orders.test.ts', path] as const),
    ['src/routes/orders.ts', 'src/helpers.ts'] as const,
  ];
  expect(Object.fromEntries(withTestHelpers(roles, imports))).toEqual({
    'src/testing.ts': ['test'],
    'src/helpers.ts': ['production'],
    'src/OrdersImpl.java': ['production'],
    'src/routes/orders.ts': ['production'],
    'src/Orders.test.ts': ['test'],
  });
});

test('a module that a person named is production, whatever its folder is called; its tests are tests', () => {
  const files = new Map(
    ['modules/docs/a.ts', 'modules/docs/test/a.ts', 'modules/docs/a.spec.ts', 'docs/a.ts'].map((path) => [path, {}]),
  );
  expect([...fileRoles(memoryWorkspace([]), files, ['modules/docs']).values()]).toEqual([
    ['production'],
    ['test'],
    ['test'],
    ['docs'],
  ]);
});

test('what production imports is production, unless it says itself what it is', () => {
  const paths = [
    'src/app.ts',
    'src/test/test.module.ts',
    'src/test/docs/a.ts',
    'lib/testing/a.ts',
    'src/b.spec.ts',
    'src/setup.ts',
    'test/c.ts',
    'src/database.config.ts',
  ];
  const roles = fileRoles(memoryWorkspace([]), new Map(paths.map((path) => [path, {}])));
  const imports = [
    ['src/app.ts', 'src/test/test.module.ts'],
    ['src/test/test.module.ts', 'src/test/docs/a.ts'],
    ['src/test/test.module.ts', 'lib/testing/a.ts'],
    ['src/app.ts', 'src/b.spec.ts'],
    ['src/setup.ts', 'test/c.ts'],
    ['src/app.ts', 'src/database.config.ts'],
  ] as const;
  expect([...withImported(roles, imports).values()].flat()).toEqual([
    'production',
    'production',
    'production',
    'test',
    'test',
    'production',
    'test',
    'production',
  ]);
});
