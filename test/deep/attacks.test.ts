import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { renamedSince } from '../../src/extract/workspace/git.ts';
import { gitIds } from '../../src/extract/workspace/ids.ts';
import { memoryWorkspace } from '../../src/extract/workspace/memory.ts';
import { visible, withoutCommands } from '../../src/model/visible.ts';
import { reporters } from '../../src/report/catalogue.gen.ts';
import { lintOf } from '../support/lint.ts';
import { folderWith, removeFolders, run } from '../support/program.ts';
import { judgeText } from './support/judge.ts';

afterEach(removeFolders);
const ok = 'export const a = 1;\n';
const violation = "export const call = () => fetch('https://a.example');\n";

describe('files that keep a parser busy or end the process', { timeout: 60_000 }, () => {
  it.each([
    ['a.ts', 'backslashes', '\\'.repeat(60_000)],
    ['a.ts', 'decorators', '@'.repeat(60_000)],
    ['a.ts', 'errors in one line, each of which quotes it', `const x = ${'a,'.repeat(60_000)}`],
    ['a.ts', 'errors in many lines, each of which counts them', 'const a;\n'.repeat(200_000)],
    ['a.py', 'continued lines', '\\\n'.repeat(60_000)],
    ['A.java', 'type arguments, which end the WebAssembly runtime', 'x<'.repeat(60_000)],
    ['Dockerfile', 'one comment', '#'.repeat(200_000)],
  ])('%s with %s is a gap, and the other files are still read', async (path, _, text) => {
    const { status, stdout } = await run(
      'lint',
      folderWith({ [path]: text, 'ok.ts': violation, 'B.java': 'class B {}' }),
    );
    expect(status).toBe(2);
    expect(stdout).toMatch(new RegExp(`${path} (?:is nested too deeply|takes too long to read)`));
    expect(stdout).toContain('fetch may wait for ever');
    expect(stdout).not.toContain('B.java');
  });

  it('a parser that throws makes a gap of that file alone', async () => {
    const workspace = memoryWorkspace([
      ['a.ts', ok],
      ['b.ts', violation],
    ]);
    const { extractors } = await import('../support/lint.ts');
    const { lint } = await import('../../src/lint/lint.ts');
    const { rules } = await import('../../rules/catalogue.gen.ts');
    const languages = extractors.languages.map((language) => ({
      ...language,
      extract: (...args: Parameters<typeof language.extract>) => {
        if (args[0].path === 'a.ts') throw new TypeError('it stumbled');
        return language.extract(...args);
      },
    }));
    const report = await lint({ workspace, extractors: { ...extractors, languages }, rules, today: '2026-11-22' });
    expect(report.exitCode).toBe(2);
    expect(report.coverage.gaps.map(({ path, detail }) => [path, detail])).toEqual([
      ['a.ts', 'reading it failed (it stumbled)'],
    ]);
    expect(report.findings.map(({ rule }) => rule)).toContain('missing-timeout');
  });

  it('files of a gigabyte are not read, whatever they are called', async () => {
    const root = folderWith({ 'ok.ts': ok });
    for (const name of ['big.ts', 'tsconfig.json', 'package.json', 'compose.yaml', 'package-lock.json']) {
      writeFileSync(join(root, name), '');
      truncateSync(join(root, name), 1_000_000_000);
    }
    const { status, stdout } = await run('lint', root);
    expect(status).toBe(2);
    for (const name of ['big.ts', 'tsconfig.json', 'package.json', 'compose.yaml'])
      expect(stdout).toContain(`${name} is too big`);
  });
});

describe('configuration that multiplies', { timeout: 20_000 }, () => {
  const laughs = ['a: &a0 [x, x]', ...Array.from({ length: 30 }, (_, i) => `a${i}: &a${i + 1} [*a${i}, *a${i}]`)].join(
    '\n',
  );
  it.each([
    ['a billion laughs', `version: 1\nname: x\n${laughs}\n`, /cannot be read|has no key/],
    ['nesting', `version: 1\nname: ${'['.repeat(60_000)}`, /cannot be read|not valid YAML/],
    [
      '100,000 keys',
      `version: 1\nname: x\n${Array.from({ length: 40_000 }, (_, i) => `k${i}: 1`).join('\n')}`,
      /no key 'k0'/,
    ],
    ['sheer size', `# ${'x'.repeat(600_000)}\nversion: 1\nname: x\n`, /more than 500000 characters/],
    ['the same key twice', 'version: 1\nname: x\nname: y\n', /architecture\.yaml:3:1: The key 'name' is there twice/],
  ])('architecture.yaml with %s is one clear error', async (_, text, message) => {
    const { status, stderr } = await run('lint', folderWith({ 'architecture.yaml': text, 'a.ts': ok }));
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
  });
  it('a billion laughs in a compose file are only followed as far as they are asked for', async () => {
    const compose = `${laughs}\nservices: { a: { build: ., environment: *a30, command: *a30 } }\n`;
    const { status, stdout } = await run('lint', folderWith({ 'compose.yaml': compose, 'a.ts': ok }));
    expect(status).toBe(1);
    expect(stdout).toContain('no-health-check');
  });
  it.each([
    [
      'configurations that extend each other ten times over',
      Object.fromEntries(
        ['tsconfig.json', 'b.json', 'c.json'].map((name) => [
          name,
          JSON.stringify({ extends: [...Array(10).fill('./tsconfig.json'), './b.json', './c.json', './b.json'] }),
        ]),
      ),
    ],
    ['comments that never end', { 'tsconfig.json': `{ ${'/*'.repeat(500_000)}` }],
    [
      'an own name that means itself',
      { 'package.json': '{"name":"x","imports":{"#a":"#a"}}', 'b.ts': "import '#a';\n" },
    ],
    [
      'conditions inside of conditions',
      {
        'package.json': `{"name":"x","exports":${'{"import":'.repeat(3000)}"./a.ts"${'}'.repeat(3000)}}`,
        'b.ts': "import 'x';\n",
      },
    ],
  ])('%s end', async (_, files) => {
    const { status, stderr } = await run('lint', folderWith({ 'a.ts': "import './ok';\n", 'ok.ts': ok, ...files }));
    expect([0, 2]).toContain(status);
    expect(stderr).toBe('');
  });
});

describe('nothing outside of the folder is read, and nothing in it is run', () => {
  it('neither by paths in configuration nor by links', async () => {
    const outside = folderWith({
      'secret.ts': violation,
      'secret.env': 'SECRET=topsecret\n',
      'base.json': '{"compilerOptions":{"paths":{"s":["./secret.ts"]}}}',
    });
    const up = `../${outside.split('/').at(-1)}`;
    const root = folderWith({
      'package.json': JSON.stringify({
        name: 'x',
        workspaces: [`${up}/*`],
        exports: `${up}/secret.ts`,
        main: `${up}/secret.ts`,
      }),
      'tsconfig.json': JSON.stringify({ extends: `${up}/base.json`, references: [{ path: up }] }),
      'compose.yaml': `services:\n  a:\n    build: ${up}\n    env_file: [${up}/secret.env]\n    extends: { file: ${up}/c.yaml, service: x }\n`,
      Dockerfile: `FROM node:24\nUSER node\nCOPY ${up} .\nHEALTHCHECK CMD true\n`,
      'a.ts': `import '${up}/secret';\nimport 's';\nimport 'x';\n`,
    });
    symlinkSync(join(outside, 'secret.ts'), join(root, 'linked.ts'));
    symlinkSync(join(outside, 'secret.env'), join(root, '.env'));
    const { stdout, stderr, status } = await run('lint', root, '--format', 'json');
    expect(status).toBe(2);
    expect(stderr).toBe('');
    expect(stdout).not.toMatch(/topsecret|a\.example/);
    const { findings, coverage } = JSON.parse(stdout);
    expect(
      findings
        .flatMap(({ locations }: { locations: { path: string }[] }) => locations.map(({ path }) => path))
        .filter((path: string) => path.includes('secret')),
    ).toEqual([]);
    expect(coverage.gaps.map(({ detail }: { detail: string }) => detail).join()).toContain(
      `it extends '${up}/base.json'`,
    );
  });

  it('a filter that the repository configures is not run, and its file counts as changed', () => {
    const root = folderWith({ 'a.ts': ok });
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', root, '-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
        stdio: 'pipe',
      });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'x');
    writeFileSync(join(root, '.gitattributes'), '* filter=x=y\n');
    writeFileSync(join(root, '.git', 'info', 'attributes'), '*.ts filter=z\n');
    for (const name of ['x=y', 'z'])
      git('config', '--file', join(root, '.git', 'config'), `filter.${name}.clean`, `touch ${join(root, 'ran')}; cat`);
    const later = new Date(Date.now() + 10_000);
    utimesSync(join(root, 'a.ts'), later, later);
    expect(gitIds(root)?.tracked.has('a.ts')).toBe(true);
    expect(renamedSince(root, 'HEAD').size).toBe(0);
    expect(existsSync(join(root, 'ran'))).toBe(false);
    // What the filter would have done, had git been asked without care.
    git('add', 'a.ts');
    expect(existsSync(join(root, 'ran'))).toBe(true);
  });

  it('a file system monitor that the repository configures is not run', () => {
    const root = folderWith({ 'a.ts': ok, monitor: '#!/bin/sh\ntouch "$(dirname "$0")/ran"\n' });
    const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { stdio: 'pipe' });
    chmodSync(join(root, 'monitor'), 0o755);
    git('init', '-q');
    git('add', 'a.ts');
    git('config', 'core.fsmonitor', join(root, 'monitor'));
    expect(gitIds(root)?.ids.has('a.ts')).toBe(true);
    expect(existsSync(join(root, 'ran'))).toBe(false);
    git('diff-files');
    expect(existsSync(join(root, 'ran'))).toBe(true);
  });
});

describe('names in reports', () => {
  const names = [
    'src/::error file=x::pwned.ts',
    'src/\u001b[31mred\u001b[0m.ts',
    'src/line\n::error::broken.ts',
    'src/\u202egnp.ts',
    'src/</testcase><x a="\'">.ts',
    'src/`|**[x](javascript:1)**<script>.ts',
    'src/##[set-env name=A]b.ts',
  ];
  const report = lintOf(memoryWorkspace(names.map((name) => [name, violation] as const)));
  const render = async (id: string) =>
    reporters.find((reporter) => reporter.id === id)!.render(await report, { color: false, version: '1.2.3' });

  it('each has a finding', async () => {
    expect(new Set((await report).findings.map(({ at }) => at[0].path))).toEqual(new Set(names));
  });
  it('text has neither control characters nor lines that are commands', async () => {
    const text = await render('text');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(text).not.toMatch(/^\s*::|##\[/m);
    expect(text).toContain('\\u001b[31mred');
  });
  it('annotations are one command to a finding', async () => {
    const lines = (await render('github')).trimEnd().split('\n');
    expect(lines).toHaveLength((await report).findings.length);
    for (const line of lines) expect(line).toMatch(/^::(?:error|warning|notice) file=[^:\n]*::/);
  });
  it('JSON formats are JSON, and keep every name', async () => {
    for (const id of ['json', 'gitlab']) expect(JSON.stringify(JSON.parse(await render(id)))).toContain('pwned.ts');
    expect(() => render('sarif').then(JSON.parse)).not.toThrow();
  });
  it('no format has what moves a cursor or turns the direction of writing', async () => {
    for (const { id } of reporters) judgeText(id, await render(id));
  });
  it('XML keeps one element for each finding', async () => {
    const xml = await render('junit');
    const cases = xml.match(/<testcase\b/g)!.length;
    expect(xml.match(/<\/testcase>|<testcase[^>]*\/>/g)).toHaveLength(cases);
    expect(xml).not.toContain('\u001b');
  });
  it('errors of the program are as safe', async () => {
    const { status, stderr } = await run('lint', join(tmpdir(), 'no\n::error::such\u001b[31m'));
    expect(status).toBe(2);
    expect(stderr).toContain('\\u001b[31m');
    expect(stderr).not.toMatch(/^\s*::/m);
  });
  it('shows what cannot be seen', () => {
    expect(visible('a\tb\u0000\r\n\u2066é')).toBe('a\tb\\u0000\\u000d\\n\\u2066é');
    expect(withoutCommands('  ::a\n::b c ::d ##[e]')).toBe('  \\::a\n\\::b c ::d #\\#[e]');
  });
});

describe('pictures', () => {
  it.each(['mermaid', 'dot'])('%s keeps a hostile name inside its quotes', async (format) => {
    const name = 'x"]\n click A "javascript:1"\n %%{init}%% `<script>';
    const root = folderWith({
      'package.json': JSON.stringify({ name }),
      'src/index.ts': "import http from 'node:http';\nhttp.createServer(() => {}).listen(1);\n",
      'compose.yaml': `services:\n  ${JSON.stringify(name)}:\n    build: .\n`,
    });
    const { stdout } = await run('graph', root, '--format', format);
    expect(stdout).toContain('click A');
    for (const line of stdout.split('\n')) expect(line).not.toMatch(/^\s*(?:click|%%)/);
    if (format === 'mermaid') expect(stdout).not.toContain('<script>');
  });
});

describe('set-ups that must never be green', { timeout: 30_000 }, () => {
  const modules = 'version: 1\nname: x\nmodules:\n  a: { path: modules/a }\n  b: { path: modules/b }\n';
  const system = {
    'architecture.yaml': modules,
    'tsconfig.json': '{"compilerOptions":{"paths":{"@b/*":["./modules/b/*"]}}}',
    'modules/a/index.ts': "import { b } from '@b/inner/deep';\nexport const a = b;\n",
    'modules/b/index.ts': ok,
    'modules/b/inner/deep.ts': 'export const b = 1;\n',
  };
  it.each([
    ['an import of what another module keeps to itself (the control)', {}, 1],
    ['a compiler configuration that extends nothing', { 'tsconfig.json': '{"extends":"./base.json"}' }, 2],
    ['a compiler configuration above the folder', { 'tsconfig.json': '{"extends":"../../tsconfig.base.json"}' }, 2],
    [
      'a parent that extends nothing',
      { 'tsconfig.json': '{"extends":"./base.json"}', 'base.json': '{"extends":"./gone.json"}' },
      2,
    ],
    ['a broken compiler configuration', { 'tsconfig.json': '{"compilerOptions":' }, 2],
    ['a broken manifest', { 'modules/b/package.json': '{"name":"@b",' }, 2],
    ['a renamed folder', { 'architecture.yaml': modules.replace('modules/b', 'modules/bee') }, 2],
    ['an alias to a renamed folder', { 'tsconfig.json': '{"compilerOptions":{"paths":{"@b/*":["./module/b/*"]}}}' }, 2],
    ['a glob that matches nothing', { 'architecture.yaml': `${modules}lint: { ignore: [modules/c/**] }\n` }, 2],
    ['an architecture.yaml that is empty', { 'architecture.yaml': '' }, 2],
    ['an architecture.yaml of comments', { 'architecture.yaml': '# nothing\n' }, 2],
    ['two descriptions', { 'architecture.yml': `${modules}lint: { rules: { module-boundary: off } }\n` }, 2],
    ['two modules in one folder', { 'architecture.yaml': modules.replace('modules/b', 'modules/a/') }, 2],
    ['everything ignored', { 'architecture.yaml': `${modules}lint: { ignore: ['**/*.ts'] }\n` }, 2],
  ] as [string, Record<string, string>, number][])('%s', async (_, files, expected) => {
    expect((await run('lint', folderWith({ ...system, ...files }))).status).toBe(expected);
  });
  it('a folder beside the code', async () => {
    const root = folderWith({ ...system, 'docs/readme.md': '' });
    expect((await run('lint', join(root, 'docs'))).status).toBe(2);
  });
  it('a part of a system that is described above it', async () => {
    const root = folderWith({ ...system, 'modules/a/own/architecture.yaml': modules });
    mkdirSync(join(root, '.git'));
    const { status, stderr } = await run('lint', join(root, 'modules/a'));
    expect([status, stderr.includes('is a part of the system that')]).toEqual([2, true]);
    expect((await run('lint', root)).stderr).not.toContain('is a part of');
    expect((await run('lint', join(root, 'modules/a/own'))).stderr).not.toContain('is a part of');
  });
  it('a violation that a kept answer would hide', async () => {
    const root = folderWith({ ...system, 'modules/a/index.ts': ok });
    expect((await run('lint', root)).status).toBe(0);
    writeFileSync(join(root, 'modules/a/index.ts'), system['modules/a/index.ts']);
    expect((await run('lint', root)).status).toBe(1);
    writeFileSync(join(root, 'tsconfig.json'), '{"extends":"./gone.json"}');
    expect((await run('lint', root)).status).toBe(2);
    expect(readFileSync(join(root, 'tsconfig.json'), 'utf8')).toContain('gone');
  });
});
