import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { filesOf, lint, render } from '../../../src/api.ts';
import { KnownError } from '../../../src/model/known-error.ts';
import { folderWith, removeFolders, run } from '../../support/program.ts';

afterEach(removeFolders);

const own = 'modules/orders/architecture.yaml';
const call = "fetch('https://example.com');\n";
const files: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "shop", "private": true }',
  'modules/catalog/src/contract.ts': "export const list = 1;\nfetch('https://example.com/');\n",
  'modules/orders/src/contract.ts': "import { list } from '../../catalog/src/contract.ts';\nexport default list;\n",
  'modules/orders/src/app/place.ts': `import pg from 'pg';\nexport default pg;\n${call}`,
  'modules/orders/nested/src/contract.ts': call,
  'deployables/api/main.ts': "import '../../modules/orders/src/contract.ts';\n",
};
const root = (text = '') => `version: 1
name: shop
modules:
  catalog: { path: modules/catalog }
  orders: { path: ./modules/orders/, uses: [catalog] }
  nested: { path: modules/orders/nested }
deployables:
  api: { kind: server, hosts: [orders] }
lint:
  failOn: { severity: error }
  rules: { missing-timeout: warning, hard-coded-endpoint: off, undeclared-dependency: error }
${text}`;
const system = (text: string, more = '') => ({ ...files, 'architecture.yaml': root(more), [own]: text });
const linted = (text: string, more = '') => lint(filesOf(system(text, more)), { today: '2026-11-26' });
const found = async (text: string, more = '') =>
  (await linted(text, more)).findings.map(({ rule, severity, at: [{ path }] }) => `${severity} ${rule} ${path}`);
const delegate = (text: string) => `  delegate: [{ to: orders, ${text} }]\n`;

const base = [
  'warning missing-timeout modules/catalog/src/contract.ts',
  'warning missing-timeout modules/orders/nested/src/contract.ts',
  'warning missing-timeout modules/orders/src/app/place.ts',
];

describe('a module tightens what the root says of its own files', () => {
  it('and says nothing where it says nothing', async () => {
    expect(await found('')).toEqual(base);
    expect(await found('# only words\n')).toEqual(base);
  });
  it('by a severity that rises', async () => {
    expect(await found('lint: { rules: { missing-timeout: error } }\n')).toEqual([
      ...base.slice(0, 2),
      'error missing-timeout modules/orders/src/app/place.ts',
    ]);
  });
  it('by a rule that is switched on, for some of its files', async () => {
    const all = await found('lint: { overrides: [{ paths: [src/app/**], rules: { hard-coded-endpoint: error } }] }\n');
    expect(all.filter((each) => !base.includes(each))).toEqual([
      'error hard-coded-endpoint modules/orders/src/app/place.ts',
    ]);
  });
  it('by what it forbids itself', async () => {
    const forbid = 'lint: { boundaries: [{ from: src/app, forbid: package:pg, reason: no }] }\n';
    expect(await found(forbid)).toContain('error forbidden-dependency modules/orders/src/app/place.ts');
    const whole = 'lint: { boundaries: [{ allowOnly: "modules/orders/**", reason: alone }] }\n';
    expect((await found(whole)).filter((each) => each.includes('forbidden'))).toEqual([
      'error forbidden-dependency modules/orders/src/contract.ts',
    ]);
    const layer = 'lint: { boundaries: [{ from: layer:app, forbid: package:pg, reason: no }] }\n';
    expect(await found(layer, '  layers: ["modules/*/src/{app,contract.ts}"]\n').catch(String)).toContain(
      'error forbidden-dependency modules/orders/src/app/place.ts',
    );
  });
  it('by using less', async () => {
    expect(await found('uses: []\n')).toContain('error undeclared-dependency modules/orders/src/contract.ts');
    expect(await found('uses: [catalog]\n')).toEqual(base);
  });
  it('by a limit of warnings', async () => {
    expect(await linted('lint: { maxWarnings: 1 }\n')).not.toHaveProperty('exceeded');
    const { exceeded, exitCode } = await lint(filesOf(system('lint: { maxWarnings: 0 }\n')), {
      today: '2026-11-26',
      maxWarnings: 2,
    });
    expect(exceeded).toBe(`3 warnings, and --max-warnings allows 2. 1 warning in orders, and ${own} allows 0.`);
    expect(exitCode).toBe(1);
  });
  it('with --rule as well', async () => {
    const report = await lint(filesOf(system('lint: { rules: { missing-timeout: error } }\n')), {
      only: ['missing-timeout'],
    });
    expect(report.findings.map(({ severity }) => severity)).toEqual(['warning', 'warning', 'error']);
    const off = await lint(filesOf(system('lint: { rules: { hard-coded-endpoint: info } }\n')), {
      only: ['missing-timeout'],
    });
    expect(off.findings).toHaveLength(3);
  });
  it('keeping the options of the root', async () => {
    const options =
      '  overrides: [{ paths: [modules/orders/**], rules: { module-boundary: [warning, { typeOnly: false }] } }]\n';
    const inside = { 'modules/orders/src/types.ts': "import type {} from '../../catalog/src/inside.ts';\n" };
    const with_ = async (fragment: string, more = options) =>
      (
        await lint(filesOf({ ...system(fragment, more), ...inside, 'modules/catalog/src/inside.ts': 'export {};\n' }))
      ).findings.filter(({ rule }) => rule === 'module-boundary').length;
    expect(await with_('', '')).toBe(1);
    expect(await with_('')).toBe(0);
    // An override that speaks of the severity alone keeps options as well, whoever states it.
    const later = `${options.trimEnd().slice(0, -1)}, { paths: [modules/**], rules: { module-boundary: error } }]\n`;
    expect(await with_('', later)).toBe(0);
    expect(await with_('lint: { rules: { module-boundary: error } }\n')).toBe(0);
    expect(await with_('lint: { rules: { module-boundary: [error, { typeOnly: false }] } }\n')).toBe(0);
  });
});

describe('loosening is an error with its place', () => {
  const cases: readonly (readonly [string, string, string, string, string])[] = [
    [
      'a lower severity',
      'lint:\n  rules:\n    missing-timeout: info\n',
      'info',
      "is 'warning' for",
      'rules: [missing-timeout]',
    ],
    ['off', 'lint: { rules: { missing-timeout: off } }\n', 'off', "not 'off'", 'rules: [missing-timeout]'],
    [
      'a lower severity of some files',
      'lint: { overrides: [{ paths: [src], rules: { undeclared-dependency: warning } }] }\n',
      'warning',
      "is 'error' for modules/orders/src",
      'rules: [undeclared-dependency]',
    ],
    [
      'other options',
      'lint: { rules: { module-boundary: [error, { typeOnly: false }] } }\n',
      '[error',
      'has other options',
      'rules: [module-boundary]',
    ],
    [
      'a suppression',
      'lint:\n  suppress:\n    - { rule: missing-timeout, reason: slow }\n',
      '{ rule: missing',
      'may not suppress missing-timeout',
      'rules: [missing-timeout]',
    ],
    [
      'files that are left out',
      'lint: { ignore: [src/app] }\n',
      '[src/app',
      'may not leave files out',
      'keys: [ignore]',
    ],
    [
      'accepted gaps',
      'lint: { unchecked: [{ path: src, reason: later, until: 2030-01-01 }] }\n',
      '[{ path',
      'may not accept gaps',
      'keys: [unchecked]',
    ],
    ['a dependency', 'uses: [catalog, nested]\n', 'nested', 'may not use nested', 'keys: [uses]'],
  ];
  it.each(cases)('%s', async (_, text, there, message, permission) => {
    const error = await refusal(linted(text));
    expect(error.message).toContain(message);
    expect(error.next).toContain(`lint: { delegate: [{ to: orders, ${permission} }] }`);
    expectPlace(error, text, there);
  });
  it.each(cases)('unless the root delegates it: %s', async (_, text, _there, _message, permission) => {
    await linted(text, delegate(permission));
    await linted(text, `  delegate: [{ to: ["modules/o*"], ${permission} }]\n`);
    // Another module, another rule or key, is not what was delegated.
    await refusal(linted(text, `  delegate: [{ to: catalog, ${permission} }]\n`));
    await refusal(
      linted(
        text,
        delegate(permission.startsWith('keys') ? 'rules: [layer-order]' : 'keys: [ignore, unchecked, uses]'),
      ),
    );
  });
  it('and what is delegated holds for its own files', async () => {
    const place = 'warning missing-timeout modules/orders/src/app/place.ts';
    const others = base.filter((each) => each !== place);
    const allowed = delegate('rules: [missing-timeout], keys: [ignore, uses]');
    expect(await found('lint: { rules: { missing-timeout: off } }\n', allowed)).toEqual(others);
    expect(await found('lint: { suppress: [{ rule: missing-timeout, reason: slow }] }\n', allowed)).toEqual(others);
    expect(
      await found('lint: { suppress: [{ rule: missing-timeout, path: src/app, reason: slow }] }\n', allowed),
    ).toEqual(others);
    expect(await found('lint: { ignore: [src/app] }\n', allowed)).toEqual(others);
    expect(await found('uses: [catalog, nested]\n', allowed)).toEqual(base);
    const unneeded = await linted(
      'lint: { suppress: [{ rule: missing-timeout, path: src/contract.ts, reason: slow }] }\n',
      allowed,
    );
    expect(unneeded.findings.find(({ rule }) => rule === 'suppression')?.at[0].path).toBe(own);
  });
  it('and an accepted gap is one of its own files', async () => {
    const broken = { 'modules/orders/src/broken.ts': 'const = ;\n' };
    const gaps = async (fragment: string) =>
      (await lint(filesOf({ ...system(fragment, delegate('keys: [unchecked]')), ...broken }), { today: '2026-11-26' }))
        .exitCode;
    expect(await gaps('')).toBe(2);
    expect(await gaps('lint: { unchecked: [{ path: src/broken.ts, reason: later, until: 2027-01-01 }] }\n')).toBe(0);
    expect(await gaps('lint: { unchecked: [{ path: src/broken.ts, reason: later, until: 2026-01-01 }] }\n')).toBe(2);
  });
});

describe('what means nothing is an error with its place', () => {
  it.each([
    [
      'an unknown key',
      'lint: { rule: { missing-timeout: error } }\n',
      'rule:',
      "lint has no key 'rule'",
      "Did you mean 'rules'?",
    ],
    ['a key of the root', 'deployables: {}\n', 'deployables', "has no key 'deployables'", 'see the schema'],
    [
      'an unknown rule',
      'lint: { rules: { mising-timeout: error } }\n',
      'error',
      "no rule 'mising-timeout'",
      "Did you mean 'missing-timeout'?",
    ],
    ['an unknown module', 'uses: [catalogue]\n', 'catalogue', "no module 'catalogue'", "Did you mean 'catalog'?"],
    ['a key that is there twice', 'uses: []\nuses: []\n', 'uses: []', 'there twice', 'Remove one'],
    [
      'a glob that leads out',
      'lint: { overrides: [{ paths: [../catalog/**], rules: { missing-timeout: error } }] }\n',
      '../catalog',
      'outside of orders',
      'relative to',
    ],
    [
      'a glob from the root',
      'lint: { overrides: [{ paths: [/src], rules: { missing-timeout: error } }] }\n',
      '/src',
      'outside of orders',
      'relative to',
    ],
    [
      'a boundary of another module',
      'lint: { boundaries: [{ from: module:catalog, forbid: package:pg, reason: no }] }\n',
      'module:catalog',
      'outside of orders',
      'its own files',
    ],
    [
      'a boundary that leads out',
      'lint: { boundaries: [{ from: ../catalog, forbid: package:pg, reason: no }] }\n',
      '../catalog',
      'no path relative',
      'Correct',
    ],
    [
      'a glob of a module inside',
      'lint: { overrides: [{ paths: [nested/**], rules: { missing-timeout: error } }] }\n',
      'nested/**',
      'matches no file of orders',
      'Correct',
    ],
    [
      'a glob of no file',
      'lint: { overrides: [{ paths: [lib/**], rules: { missing-timeout: error } }] }\n',
      'lib/**',
      'matches no file of orders',
      'Correct',
    ],
  ])('%s', async (_, text, there, message, next) => {
    const error = await refusal(linted(text));
    expect(error.message).toContain(message);
    expect(error.next).toContain(next);
    expectPlace(error, text, there);
  });
  it.each([
    [
      'of nobody',
      '  delegate: [{ to: order, keys: [uses] }]\n',
      "'order' is no module",
      "Did you mean 'orders'?",
      12,
      20,
    ],
    [
      'of no folder',
      '  delegate: [{ to: [orders, lib/**], keys: [uses] }]\n',
      'matches the folder of none',
      'Remove',
      12,
      29,
    ],
    ['of no rule', '  delegate: [{ to: orders, rules: [missing-timeut] }]\n', 'no rule', "'missing-timeout'", 12, 36],
    ['of nothing', '  delegate: [{ to: orders }]\n', 'expected rules, keys or both', 'Correct', 12, 14],
    ['of no key', '  delegate: [{ to: orders, keys: [rules] }]\n', 'delegate', 'ignore, unchecked, uses', 12, 35],
  ])('a delegate %s', async (_, text, message, next, line, column) => {
    const error = await refusal(linted('', text));
    expect(error.message).toContain(message);
    expect(error.next).toContain(next);
    expect(error.place).toEqual({ file: 'architecture.yaml', line, column });
  });
  it.each(['modules/orders/src/architecture.yaml', 'modules/architecture.yml', 'deployables/api/architecture.yaml'])(
    'a file that no module has in its folder: %s',
    async (path) => {
      const stray = { ...files, 'architecture.yaml': root(), [path]: 'uses: []\n' };
      expect((await refusal(lint(filesOf(stray)))).place).toEqual({ file: path, line: 1, column: 1 });
      const ignoring = { ...stray, 'architecture.yaml': root(`  ignore: ["${path}"]\n`) };
      expect((await lint(filesOf(ignoring))).exitCode).toBe(0);
    },
  );
  it('two files of one module', async () => {
    const both = { ...system(''), 'modules/orders/architecture.yml': '' };
    expect((await refusal(lint(filesOf(both)))).message).toContain('both');
  });
  it('and without a description of the system there are no modules that could say anything', async () => {
    expect((await lint(filesOf({ ...files, [own]: 'no: [settings\n' }))).coverage.declared).toBe(false);
  });
});

describe('hostile files', () => {
  it.each([
    ['a huge one', `${'# a\n'.repeat(200_000)}`, 'no description'],
    ['a deep one', '['.repeat(1000), 'nested deeper'],
    ['one that multiplies', `a: &a [1]\nb: &b [${'*a,'.repeat(20)}]\nc: [${'*b,'.repeat(20)}]\n`, 'cannot be read'],
  ])('%s', async (_, text, message) => {
    const error = await refusal(linted(text));
    expect(error.message).toContain(message);
    expect(error.place?.file).toBe(own);
  });
  it('a link out of the repository is a gap, not a module that says nothing', async () => {
    const elsewhere = folderWith({ 'secret.yaml': 'uses: []\n' });
    const folder = folderWith({ ...files, 'architecture.yaml': root() });
    expect((await run('lint', folder, '--no-cache')).status).toBe(0);
    symlinkSync(join(elsewhere, 'secret.yaml'), join(folder, own));
    const linked = await run('lint', folder, '--no-cache');
    expect(linked.status).toBe(2);
    expect(linked.stdout).toContain(own);
    rmSync(join(folder, own));
    symlinkSync('nowhere', join(folder, own));
    expect((await run('lint', folder, '--no-cache')).status).toBe(2);
  });
  it('one that cannot be read is an error', async () => {
    const workspace = filesOf(system('uses: []\n'));
    const unreadable = { ...workspace, read: (path: string) => (path === own ? undefined : workspace.read(path)) };
    expect((await refusal(lint(unreadable))).place).toEqual({ file: own });
  });
});

describe('caches and revisions', () => {
  const write = (folder: string, path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  it('a changed file, a new one and one that is gone give what a cold run gives', { timeout: 60_000 }, async () => {
    const folder = folderWith({ ...files, 'architecture.yaml': root() });
    mkdirSync(join(folder, 'node_modules'));
    const both = async () => {
      const [warm, cold] = [
        await run('lint', folder, '--format', 'json'),
        await run('lint', folder, '--format', 'json', '--no-cache'),
      ];
      expect(warm).toEqual(cold);
      expect((await run('lint', folder, '--verify-cache')).status).toBe(cold.status);
      return cold.status;
    };
    expect(await both()).toBe(0);
    for (const [text, status] of [
      ['lint: { rules: { missing-timeout: error } }\n', 1],
      ['lint: { maxWarnings: 1 }\n', 0],
      ['lint: { maxWarnings: 0 }\n', 1],
      ['lint: { boundaries: [{ forbid: package:pg, reason: no }] }\n', 1],
      ['uses: []\n', 1],
      ['uses: [catalog]\n', 0],
    ] as const) {
      write(folder, own, text);
      expect([text, await both()]).toEqual([text, status]);
    }
    write(folder, own, 'lint: { rules: { missing-timeout: off } }\n');
    expect((await run('lint', folder)).status).toBe(2);
    rmSync(join(folder, own));
    expect(await both()).toBe(0);
  });
  it('--since reads those of the base as it reads the root', async () => {
    const folder = folderWith(system('uses: []\n'));
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
        stdio: 'pipe',
      });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'all');
    const introduced = async () => {
      const { stdout } = await run('lint', folder, '--since', 'HEAD', '--format', 'json', '--no-cache');
      return JSON.parse(stdout).findings.map(({ rule }: { rule: string }) => rule);
    };
    expect(await introduced()).toEqual([]);
    write(folder, own, 'uses: []\nlint: { rules: { hard-coded-endpoint: error } }\n');
    expect(await introduced()).toEqual(['hard-coded-endpoint']);
    git('commit', '-qam', 'more');
    expect(await introduced()).toEqual([]);
  });
});

it('--print-config says where each setting comes from', async () => {
  const text = `uses: []
lint:
  rules: { missing-timeout: error }
  maxWarnings: 3
  boundaries: [{ forbid: package:mysql, reason: no }]
`;
  const folder = folderWith(
    system(
      text,
      '  overrides: [{ paths: [modules/**], rules: { module-boundary: [warning, { typeOnly: false }] } }]\n',
    ),
  );
  const config = async (file: string) => JSON.parse((await run('lint', folder, '--print-config', file)).stdout);
  expect(await config('modules/orders/src/contract.ts')).toMatchObject({
    uses: [],
    maxWarnings: 3,
    rules: {
      'missing-timeout': ['error', {}],
      'hard-coded-endpoint': 'off',
      'module-boundary': ['warning', { typeOnly: false }],
    },
    boundaries: [{ from: 'module:orders', forbid: 'package:mysql', where: `${own}:5:16` }],
    where: {
      failOn: 'architecture.yaml:10:11',
      uses: `${own}:1:7`,
      maxWarnings: `${own}:4:16`,
      rules: {
        'missing-timeout': `${own}:3:29`,
        'hard-coded-endpoint': 'architecture.yaml:11:59',
        'module-boundary': expect.stringMatching(/^architecture\.yaml:12:/),
        'layer-order': 'default',
      },
    },
  });
  expect(await config('modules/catalog/src/contract.ts')).toMatchObject({
    maxWarnings: null,
    boundaries: [],
    where: { rules: { 'missing-timeout': 'architecture.yaml:11:29' } },
  });
});

it('test-config checks the examples of modules, whose files are called as in the module', async () => {
  const stated = (bad: string) =>
    `lint: { boundaries: [{ from: src/app, forbid: package:pg, reason: no, good: ["src/app/a.ts > package:redis"], bad: ["${bad}"] }] }\n`;
  expect(await run('test-config', folderWith(system(stated('src/app/a.ts > package:pg'))))).toMatchObject({
    status: 0,
    stdout: '2 of 2 examples hold.\n',
  });
  const wrong = await run('test-config', folderWith(system(stated('src/app/a.ts > package:mysql'))));
  expect(wrong.status).toBe(1);
  expect(wrong.stdout).toContain(`${own}:1:`);
});

it('the same bytes give the same report', async () => {
  const [one, two] = await Promise.all([linted('lint: { maxWarnings: 0 }\n'), linted('lint: { maxWarnings: 0 }\n')]);
  expect(render(one, 'json')).toBe(render(two, 'json'));
});

async function refusal(running: Promise<unknown>): Promise<KnownError> {
  const error = await running.then(
    () => 'nothing was refused',
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof KnownError)) throw new Error(String(error));
  expect(error.exitCode).toBe(2);
  return error;
}
function expectPlace({ place }: KnownError, text: string, there: string): void {
  expect(place?.file).toBe(own);
  expect(text.split('\n')[place!.line! - 1]!.slice(place!.column! - 1)).toSatisfy((rest: string) =>
    rest.startsWith(there),
  );
}
