import { describe, expect, test } from 'vitest';
import { memoryWorkspace } from '../workspace/memory.ts';
import { fileRoles, pathRoles, withTestHelpers } from './roles.ts';

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
