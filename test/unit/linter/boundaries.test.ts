import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../../src/cli/linter.ts';
import { memoryWorkspace } from '../../../src/extract/workspace/memory.ts';
import { KnownError } from '../../../src/model/known-error.ts';
import { lintOf } from '../../support/lint.ts';

const files = {
  'package.json': '{ "name": "shop", "private": true }',
  'modules/orders/src/domain/order.ts': 'export const order = 1;\n',
  'modules/orders/src/app/place.ts': "import { order } from '../domain/order.ts';\n\nexport const place = order;\n",
  'modules/orders/src/infra/store.ts': "import pg from 'pg';\n\nexport const store = pg;\n",
  'test/order.test.ts': "import '../modules/orders/src/app/place.ts';\n",
  'deployables/api/main.ts': "import '../../modules/orders/src/app/place.ts';\n",
};
const architecture = (lint: string) => `version: 1
name: shop
modules:
  orders: { path: modules/orders, tags: [core] }
deployables:
  api: { kind: server, hosts: [orders] }
lint:
${lint}`;
const linted = (lint: string) =>
  lintOf(memoryWorkspace(Object.entries({ ...files, 'architecture.yaml': architecture(lint) })));
const boundary = (text: string) => `  boundaries:\n    - { ${text}, reason: because }\n`;

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});
/** The program over those files, without its process: what it prints, and the exit code. */
async function run(lint: string, command: string, ...options: readonly string[]) {
  const root = mkdtempSync(join(tmpdir(), 'boundaries-'));
  made.push(root);
  for (const [path, content] of Object.entries({ ...files, 'architecture.yaml': architecture(lint) })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text: unknown) => {
      printed[stream] += String(text);
      return true;
    }),
  );
  try {
    const status = await main([command, root, ...options]);
    return { status, ...printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('a boundary that means nothing is an error with its place', () => {
  it.each([
    ['a layer that no file is in', '  layers: ["modules/*/src/{domain,ports}"]\n', '"modules/*', "the layer 'ports'"],
    ['layers without braces', '  layers: [modules/orders/src]\n', 'modules/orders/src]', 'names no layers'],
    ['one layer', '  layers: ["src/{domain}"]\n', '"src/{', 'names no layers'],
    ['layers at no known depth', '  layers: ["**/{domain,app}"]\n', '"**/{', 'has ** before its layers'],
    [
      'layers that only tests have',
      '  layers: ["{test,modules}"]\n',
      '"{test',
      "'test' of '{test,modules}' matches no file of production",
    ],
    ['tests alone', boundary('from: test, forbid: modules'), 'test,', 'matches no file of production'],
    ['a glob', boundary('from: module:orders, forbid: srv'), 'srv,', "'srv' matches no file"],
    ['one of several', boundary('from: module:orders, forbid: [deployables, srv]'), 'srv],', "'srv' matches no file"],
    [
      'a regular expression',
      boundary('from: "^modules/.+", forbid: deployables'),
      '"^modules',
      'is a regular expression',
    ],
    ['a layer', boundary('from: layer:domain, forbid: deployables'), 'layer:domain', "There is no layer 'domain'"],
    ['a tag', boundary('from: tag:cores, forbid: deployables'), 'tag:cores', "There is no tag 'cores'"],
    ['a module', boundary('from: module:order, forbid: deployables'), 'module:order,', "There is no module 'order'"],
    [
      'a deployable',
      boundary('from: module:orders, forbid: deployable:web'),
      'deployable:web',
      "There is no deployable 'web'",
    ],
    ['another kind', boundary('from: modul:orders, forbid: deployables'), 'modul:', "there is no 'modul:'"],
    ['importing packages', boundary('from: package:pg, forbid: deployables'), 'package:pg', 'imports nothing'],
    [
      'an allowed package',
      boundary('from: module:orders, allowOnly: package:mysql'),
      'package:mysql',
      'Nothing imports',
    ],
    [
      'a star within a name',
      boundary('from: module:orders, forbid: "package:p*g"'),
      '"package:p*g"',
      'names no package',
    ],
    [
      'a capture of nobody',
      boundary('from: module:orders, forbid: modules/<m>'),
      'modules/<m>',
      'captured by no pattern',
    ],
    [
      'other captures',
      boundary('from: [modules/<m>, deployables/api], forbid: modules/<m>'),
      'deployables/api',
      'does not capture',
    ],
  ])('%s', async (_, lint, there, message) => {
    const error = await linted(lint).then(String, (thrown: unknown) => thrown);
    if (!(error instanceof KnownError)) throw new Error(`not refused: ${error}`);
    expect(error.message).toContain(message);
    const { file, line, column } = error.place!;
    expect(file).toBe('architecture.yaml');
    expect(
      architecture(lint)
        .split('\n')
        [line! - 1]!.slice(column! - 1),
    ).toSatisfy((text: string) => text.startsWith(there));
    expect(error.exitCode).toBe(2);
  });

  it.each([
    ['no verb', boundary('from: module:orders'), 'expected one of forbid, allowOnly, forbidReach'],
    ['two verbs', boundary('from: modules, forbid: deployables, allowOnly: modules'), 'expected one of forbid'],
    ['an unknown key', boundary('from: modules, forbids: deployables'), "has no key 'forbids'"],
    ['no list', boundary('from: 1, forbid: deployables'), 'expected a pattern, or a list of patterns'],
    [
      'an example of nothing',
      boundary('from: modules, forbid: deployables, bad: [modules]'),
      'expected <file> > <file',
    ],
  ])('%s', async (_, lint, message) => {
    await expect(linted(lint)).rejects.toMatchObject({
      message: expect.stringContaining(message),
      place: { file: 'architecture.yaml', line: 9 },
    });
  });

  it('what is forbidden and imported by nobody is as it should be', async () => {
    const { findings } = await linted(boundary('from: module:orders, forbid: package:mysql'));
    expect(findings.filter(({ rule }) => rule === 'forbidden-dependency')).toEqual([]);
  });
});

describe('layers', () => {
  it.each(['modules/*/src', './modules/*/src', 'modules/<m>/src', '*/*/src'])('of %s', async (folder) => {
    const changed = { ...files, 'modules/orders/src/domain/order.ts': "import '../app/place.ts';\n" };
    const text = architecture(`  layers: ["${folder}/{domain,app}"]\n`);
    const { findings } = await lintOf(memoryWorkspace(Object.entries({ ...changed, 'architecture.yaml': text })));
    expect(findings.map(({ rule }) => rule)).toContain('layer-order');
  });
});

describe('identity of findings', () => {
  it('does not depend on patterns, reasons or folders', async () => {
    const atomsOf = async (lint: string) =>
      (await linted(lint)).findings.flatMap(({ rule, atoms }) => (rule === 'forbidden-dependency' ? atoms : []));
    const one = await atomsOf(boundary('from: tag:core, forbid: package:pg'));
    expect(one).toEqual(['orders:store.ts>pg']);
    expect(await atomsOf(boundary('from: "modules/*/src/infra/**", forbid: "package:p*"'))).toEqual(one);
  });
});

describe('test-config', () => {
  const stated = (good: string, bad: string) =>
    `  boundaries:
    - from: modules/<m>/src/domain
      forbid: [package:pg, modules/<m>/src/infra, deployable:api]
      reason: because
      good: ["${good}"]
      bad: ["${bad}"]
`;
  const good = 'modules/new/src/domain/a.ts > modules/other/src/infra/b.ts';
  const bad = 'modules/new/src/domain/a.ts > modules/new/src/infra/b.ts';
  it('passes where boundaries say what their examples say, of files that need not exist', async () => {
    expect(await run(stated(good, bad), 'test-config')).toEqual({
      status: 0,
      stdout: '2 of 2 examples hold.\n',
      stderr: '',
    });
    expect(await run(stated(good, 'modules/a/src/domain/b.ts > deployable:api'), 'test-config')).toMatchObject({
      status: 0,
    });
  });
  it('fails at each example that a boundary contradicts, and at one that it is not about', async () => {
    const { status, stdout } = await run(stated(bad, good), 'test-config');
    expect(status).toBe(1);
    expect(stdout).toContain(`architecture.yaml:12:14: '${bad}' should be allowed, but it is forbidden.`);
    expect(stdout).toContain(`architecture.yaml:13:13: '${good}' should be forbidden, but it is allowed.`);
    const elsewhere = await run(stated('modules/a/src/app/a.ts > package:pg', bad), 'test-config');
    expect(elsewhere).toMatchObject({ status: 1, stdout: expect.stringContaining('is not about that file') });
  });
  it('without an example is not a pass', async () => {
    const { status, stderr } = await run(boundary('from: modules, forbid: package:mysql'), 'test-config');
    expect(status).toBe(2);
    expect(stderr).toContain('nothing to test');
  });
});

describe('lint --print-config', () => {
  it('shows the tags, layers and boundaries of a file', async () => {
    const lint = `  layers: ["modules/*/src/{domain,app,infra}"]\n${boundary('from: layer:app, forbid: package:pg')}`;
    const { stdout } = await run(lint, 'lint', '--print-config', 'modules/orders/src/app/place.ts');
    expect(JSON.parse(stdout)).toMatchObject({
      tags: ['core'],
      layers: [{ name: 'app', order: ['domain', 'app', 'infra'] }],
      boundaries: [{ from: 'layer:app', forbid: 'package:pg', reason: 'because.' }],
    });
    const other = await run(lint, 'lint', '--print-config', 'deployables/api/main.ts');
    expect(JSON.parse(other.stdout)).toMatchObject({ tags: [], layers: [], boundaries: [] });
  });
});
