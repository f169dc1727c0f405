import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { folderWith, removeFolders } from '../support/program.ts';

afterAll(removeFolders);

const root = fileURLToPath(new URL('../../', import.meta.url));
const files = {
  'package.json': '{"name":"a"}',
  'src/index.ts': "import pad from 'left-pad';\nimport { ring } from 'phone';\nring('mum');\nexport default pad;\n",
};

/** The program as people run it: modules that a file imports are loaded by Node.js itself. */
const program = (folder: string, ...args: readonly string[]) => spawned(folder, 'lint', 'project', ...args);
function spawned(folder: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/scalable-backend.ts'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  return { status, stdout, stderr };
}
function write(folder: string, all: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
const project = Object.fromEntries(Object.entries(files).map(([path, text]) => [`project/${path}`, text]));
/** A rule in a file: `message` and what else may be in it are expressions. */
const ruleFile = (message: string, more = '') => `import { type Rule, z } from 'scalable-backend';
${more}
export const rules: Rule[] = [{
  id: 'own', title: 'Own', why: 'Because.', fix: 'Do.', source: 'own', severity: 'error', presets: ['recommended'],
  reads: ['file', 'import'], subject: 'import', options: z.unknown(),
  *check(system) {
    for (const { fact, path } of system.facts('import'))
      yield { subject: \`file:\${path}\`, atoms: [path + fact.spec], message: ${message}, at: [{ path, span: fact.span }], confidence: 'certain' };
  },
}];
`;

describe('lint --rules', { timeout: 60_000 }, () => {
  it('says what is wrong with the file', () => {
    const folder = folderWith({
      ...project,
      'broken.ts': 'const = ;',
      'throws.ts': "throw new Error('boom');",
      'empty.ts': 'export const rule = [];',
      'shape.ts': "export const rules = [{ id: 'x' }];",
      'missing.ts': "import './nothing.ts';\nexport const rules = [];",
    });
    for (const [file, message] of [
      ['nowhere.ts', 'no such file'],
      ['project', 'no such file'],
      ['broken.ts', 'it cannot be run'],
      ['throws.ts', 'it cannot be run: boom'],
      ['empty.ts', 'exports neither `rules` nor `recognisers`'],
      ['shape.ts', "The rule 'x' is not well formed: title:"],
      ['missing.ts', 'nothing.ts'],
    ] as const) {
      const { status, stderr, stdout } = program(folder, '--rules', file);
      expect([file, status, stdout]).toEqual([file, 2, '']);
      expect(stderr).toContain(message);
      expect(stderr).toContain(file);
      expect(stderr).not.toContain('please report');
    }
  });

  it('keeps what it found with the content of the file and of all that it imports', () => {
    const folder = folderWith({
      ...project,
      'rules.ts': ruleFile('word', "import { word } from './deep/word.ts';"),
      'deep/word.ts': "import data from './data.json' with { type: 'json' };\nexport const word = data.word;\n",
      'deep/data.json': '{ "word": "first" }',
    });
    mkdirSync(join(folder, 'project/node_modules'));
    const both = (...args: readonly string[]) => {
      const [warm, cold] = [
        program(folder, '--rules', 'rules.ts', ...args),
        program(folder, '--rules', 'rules.ts', '--no-cache', ...args),
      ];
      expect(warm).toEqual(cold);
      return warm;
    };
    expect(both().stdout).toContain('error first');
    expect(both().stdout).toContain('error first');
    write(folder, { 'deep/data.json': '{ "word": "second" }' });
    expect(both().stdout).toContain('error second');
    write(folder, { 'deep/word.ts': "export const word = 'third';\n" });
    expect(both().stdout).toContain('error third');
    write(folder, { 'rules.ts': ruleFile("'fourth'") });
    expect(both().stdout).toContain('error fourth');
    expect(program(folder, '--rules', 'rules.ts', '--verify-cache').status).toBe(1);
    // Without the file nothing of it is left, and with it everything is there again.
    expect(program(folder).stdout).not.toContain('fourth');
    expect(both().stdout).toContain('error fourth');
    expect(both('--rule', 'own').stdout).toContain('error fourth');
  });

  it.each([
    ['the environment', "'' + process.env.WORD", ''],
    ['a file', "readFileSync('rules.ts', 'utf8').slice(0, 1)", "import { readFileSync } from 'node:fs';"],
    ['the clock', 'String(Date.now())', ''],
    ['what it imports later', 'String(later)', "const later = () => import('./later.ts');"],
  ])('keeps nothing where what it says depends on %s', (_, message, more) => {
    const folder = folderWith({ ...project, 'rules.ts': ruleFile(`'x' + (${message})`, more) });
    mkdirSync(join(folder, 'project/node_modules'));
    const { stdout, stderr, status } = program(folder, '--rules', 'rules.ts');
    expect([status, stdout.includes('error x')]).toEqual([1, true]);
    expect(stderr).toContain('nothing is kept of this run');
    expect(() => readFileSync(join(folder, 'project/node_modules/.cache/scalable-backend/lint.added.json'))).toThrow();
  });

  it('is known to --print-config and architecture.yaml, which cannot name a file itself', () => {
    const folder = folderWith({
      ...project,
      'rules.ts': ruleFile("'own'"),
      'project/architecture.yaml': 'version: 1\nname: a\nlint: { rules: { own: warning } }\n',
    });
    symlinkSync(join(folder, 'rules.ts'), join(folder, 'linked.ts'));
    expect(program(folder, '--rules', 'linked.ts').stdout).toContain('warning own');
    const config = program(folder, '--rules', 'rules.ts', '--print-config', 'src/index.ts');
    expect(JSON.parse(config.stdout).rules.own).toEqual(['warning', {}]);
    const without = program(folder);
    expect(without.status).toBe(2);
    expect(without.stderr).toContain("There is no rule 'own'");
    expect(without.stderr).toContain('--rules');
  });

  it('has a line in `rules` and a page in `explain`, which keep nothing and say nothing of it', () => {
    const folder = folderWith({ 'rules.ts': ruleFile("'own' + Date.now()"), 'missing.ts': "import './nothing.ts';\n" });
    const ask = (...args: readonly string[]) => spawned(folder, ...args);
    const listed = ask('rules', '--rules', 'rules.ts');
    expect([listed.status, listed.stderr]).toEqual([0, '']);
    expect(listed.stdout).toMatch(/\nown {2,}error {4}Own\n$/);
    expect(listed.stdout).toContain('missing-timeout');
    const all = JSON.parse(ask('rules', '--json', '--rules', 'rules.ts').stdout) as { id: string }[];
    expect(all.map(({ id }) => id)).toContain('own');
    const page = ask('explain', 'own', '--rules', 'rules.ts');
    expect([page.status, page.stderr]).toEqual([0, '']);
    expect(page.stdout).toMatch(/^own: Own\n.*Because\..*Do\..*scalable-backend-ignore own: /s);
    const near = ask('explain', 'own-x', '--rules', 'rules.ts');
    expect([near.status, near.stderr]).toEqual([2, expect.stringContaining("There is no rule 'own-x'")]);
    expect(ask('explain', 'own').stderr).toContain("There is no rule 'own'");
    expect(ask('rules', '--rules', 'missing.ts')).toMatchObject({ status: 2, stdout: '' });
  });

  it('and --since runs it over both sides', () => {
    const folder = folderWith({ ...project, 'rules.ts': ruleFile("'own'") });
    const git = (...args: readonly string[]) =>
      spawnSync('git', ['-C', join(folder, 'project'), '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args]);
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'all');
    write(folder, { 'project/src/more.ts': "import 'pg';\n" });
    const { stdout } = program(folder, '--rules', 'rules.ts', '--rule', 'own', '--since', 'HEAD', '--format', 'json');
    expect(
      JSON.parse(stdout).findings.map(({ locations }: { locations: { path: string }[] }) => locations[0]!.path),
    ).toEqual(['src/more.ts']);
  });
});

describe('the documented example', { timeout: 60_000 }, () => {
  const page = readFileSync(join(root, 'docs/own-rules.md'), 'utf8');
  const block = (language: string, first = '') => page.split(`\`\`\`${language}\n${first}`)[1]!.split('```')[0]!;
  const sources = {
    'lint/rules.ts': block('ts', '// lint/rules.ts\n'),
    'lint/rules.test.ts': block('ts', '// lint/rules.test.ts\n'),
    'project/package.json': '{ "name": "shop" }',
    'project/src/order.ts': block('js', ''),
  };
  it('says what the page says', () => {
    const { status, stdout, stderr } = program(folderWith(sources), '--rules', 'lint/rules.ts');
    expect([status, stderr]).toEqual([1, '']);
    expect(stdout).toContain(block('txt'));
  });
  it('has a test that passes', () => {
    const folder = folderWith({ ...sources, 'package.json': '{ "type": "module" }' });
    write(folder, {
      'node_modules/scalable-backend/package.json':
        '{ "name": "scalable-backend", "type": "module", "exports": "./index.mjs" }',
      'node_modules/scalable-backend/index.mjs': `export * from ${JSON.stringify(join(root, 'src/api.ts'))};\n`,
    });
    const tested = spawnSync(process.execPath, ['--test', 'lint/rules.test.ts'], { cwd: folder, encoding: 'utf8' });
    expect([tested.status, tested.stderr]).toEqual([0, '']);
    expect(tested.stdout).toContain('pass 1');
  });
});
