import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { rules } from '../../../rules/catalogue.gen.ts';
import { openCache } from '../../../src/cli/linter/cache.ts';
import { recognisers } from '../../../src/extract/catalogue.gen.ts';
import { languages } from '../../../src/extract/languages.gen.ts';
import type { Extractors } from '../../../src/extract/read-files.ts';
import { diskWorkspace } from '../../../src/extract/workspace/disk.ts';
import { blobId, gitIds } from '../../../src/extract/workspace/ids.ts';
import { memoryWorkspace } from '../../../src/extract/workspace/memory.ts';
import { identities } from '../../../src/lint/cache/identify.ts';
import { type Kept, nothingKept, remembering } from '../../../src/lint/cache/memory.ts';
import { editedSince, noting, type Outcome, outcomeOf } from '../../../src/lint/cache/outcome.ts';
import { pack, unpack } from '../../../src/lint/cache/pack.ts';
import { outcomeBeside, placeOf, read, save } from '../../../src/lint/cache/store.ts';
import { conclude } from '../../../src/lint/conclude.ts';
import type { Report } from '../../../src/lint/finding.ts';
import { check } from '../../../src/lint/lint.ts';
import type { ExtractedFile, Gap } from '../../../src/model/facts.ts';
import type { Workspace } from '../../../src/model/workspace.ts';

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'cache-'));
  made.push(folder);
  write(folder, files);
  return folder;
}
function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** Two modules, one of which looks into the other, a call without a limit, an alias, a package with exports. */
const system: Readonly<Record<string, string>> = {
  'architecture.yaml': [
    'version: 1',
    'name: shop',
    'modules:',
    '  catalog: { path: modules/catalog }',
    '  orders: { path: modules/orders, uses: [catalog] }',
    '',
  ].join('\n'),
  'package.json': '{ "name": "shop", "workspaces": ["modules/*"] }',
  'tsconfig.json': '{ "compilerOptions": { "paths": { "@catalog/*": ["./modules/catalog/src/*"] } } }',
  'modules/catalog/package.json':
    '{ "name": "@shop/catalog", "exports": { "./contract": "./src/contract.ts", "./any": "./src/contract.ts" } }',
  'modules/catalog/src/contract.ts': "export { list } from './inside.ts';\n",
  'modules/catalog/src/inside.ts': 'export const list = () => [];\n',
  'modules/orders/package.json': '{ "name": "@shop/orders" }',
  'modules/orders/src/http.ts': "import axios from 'axios';\nexport const http = axios.create({});\n",
  'modules/orders/src/order.ts':
    "import { list } from '@catalog/contract';\nimport { any } from '@shop/catalog/any';\nimport { http } from './http.ts';\nexport const order = () => [list(), any, http.get('/x')];\n",
};

const told = ({ findings, suppressed, accepted, coverage, problems, exitCode }: Report) =>
  JSON.parse(JSON.stringify({ findings, suppressed, accepted, coverage, problems, exitCode }));
interface Run {
  readonly files?: Readonly<Record<string, string>>;
  readonly extractors?: Extractors;
  readonly today?: string;
  readonly installed?: string;
  readonly verify?: boolean;
  /** What an earlier run found out, as a whole. */
  readonly outcome?: Outcome | undefined;
}
/** One run over files in memory: what it said, what it kept, which answers were wrong, how many files it extracted. */
async function run(
  kept: Kept | undefined,
  {
    files = system,
    extractors = { languages, recognisers },
    today = '2026-11-26',
    installed = '',
    verify,
    outcome,
  }: Run = {},
) {
  let extracted = 0;
  const counting = extractors.languages.map((language) => ({
    ...language,
    extract: (...args: Parameters<typeof language.extract>) => {
      extracted++;
      return language.extract(...args);
    },
  }));
  const disk = memoryWorkspace(Object.entries(files));
  const identify = identities(disk, new Map());
  const asked = { question: '', installed };
  if (kept && outcome && editedSince(outcome, disk, identify, asked)?.length === 0) {
    const report = conclude(outcome.checked, { workspace: disk, today });
    return { told: told(report), kept, wrong: [], extracted, outcome, reused: true };
  }
  const { workspace, noted } = noting(disk, identify);
  const memory = kept && remembering(kept, { workspace, identify, installed, ...(verify !== undefined && { verify }) });
  const checked = await check({
    workspace,
    extractors: { ...extractors, languages: counting },
    rules,
    ...(memory && { remembering: memory }),
  });
  const report = conclude(checked, { workspace: disk, today });
  const through = <T>(value: T): T => JSON.parse(JSON.stringify(value));
  return {
    told: told(report),
    kept: memory ? unpack(pack(memory.kept())) : nothingKept,
    outcome:
      memory &&
      through(outcomeOf(checked, { ...noted(memory.used()), ...memory.said(), facts: 0 }, disk, identify, asked)),
    wrong: memory?.wrong ?? [],
    extracted,
    reused: false,
  };
}

describe('a run with a cache says what a run without says', () => {
  it('when nothing changed, without reading a source again', async () => {
    const fresh = await run(undefined);
    expect(fresh.told.findings.map(({ rule }: { rule: string }) => rule)).toContain('missing-timeout');
    const first = await run(nothingKept);
    const second = await run(first.kept);
    expect(first.told).toEqual(fresh.told);
    expect(second.told).toEqual(fresh.told);
    expect(first.extracted).toBeGreaterThan(0);
    expect(second.extracted).toBe(0);
    expect(second.kept).toEqual(first.kept);
    const third = await run(second.kept, { outcome: second.outcome });
    expect(third.reused).toBe(true);
    expect(third.told).toEqual(fresh.told);
  });

  const without = (path: string) => Object.fromEntries(Object.entries(system).filter(([name]) => name !== path));
  const file = (path: string, content: string) => ({ files: { ...system, [path]: content } });
  const bumped = languages.map((language) =>
    language.id === 'typescript'
      ? { ...language, extract: () => ({ path: '', functions: [], facts: [], names: [], gaps: [] }) }
      : language,
  );
  it.each<[string, Run]>([
    ['the content of a file', file('modules/orders/src/order.ts', 'export const order = 1;\n')],
    [
      'a file that is imported',
      file(
        'modules/orders/src/http.ts',
        "import axios from 'axios';\nexport const http = axios.create({ timeout: 100 });\n",
      ),
    ],
    ['a file that is gone', { files: without('modules/catalog/src/contract.ts') }],
    ['a file that is new and comes first', file('modules/orders/src/http.ts.ts', 'export const http = 1;\n')],
    [
      'where an alias leads',
      file('tsconfig.json', '{ "compilerOptions": { "paths": { "@catalog/*": ["./modules/orders/src/*"] } } }'),
    ],
    ['a compiler configuration that is nearer', file('modules/orders/tsconfig.json', '{}')],
    [
      'what a package exports',
      file('modules/catalog/package.json', '{ "name": "@shop/catalog", "exports": { "./any": "./src/inside.ts" } }'),
    ],
    ['the name of a package', file('modules/catalog/package.json', '{ "name": "@shop/other" }')],
    ['what modules may use', file('architecture.yaml', system['architecture.yaml']!.replace(', uses: [catalog]', ''))],
    [
      'a rule that is off',
      file('architecture.yaml', `${system['architecture.yaml']}lint: { rules: { missing-timeout: off } }\n`),
    ],
    [
      'files that are ignored',
      file('architecture.yaml', `${system['architecture.yaml']}lint: { ignore: [modules/orders/src/http.ts] }\n`),
    ],
    ['a setting of the deployment', file('compose.yaml', 'services: { db: { image: "postgres:18" } }\n')],
    ['the lock file', file('package-lock.json', '{ "lockfileVersion": 3 }')],
    ['what is installed', { installed: 'node_modules/.package-lock.json 1:2' }],
    ['the day', { today: '2027-11-26' }],
  ])('after a change of %s', async (_, changed) => {
    const before = await run(nothingKept);
    const [warm, fresh] = [await run(before.kept, changed), await run(undefined, changed)];
    expect(warm.told).toEqual(fresh.told);
    expect((await run(before.kept, { ...changed, outcome: before.outcome })).told).toEqual(fresh.told);
    const verified = await run(before.kept, { ...changed, verify: true });
    expect(verified.wrong).toEqual([]);
    expect(verified.told).toEqual(fresh.told);
  });

  it('when a suppression ends', async () => {
    const path = 'modules/orders/src/order.ts';
    const files = {
      ...system,
      [path]: system[path]!.replace(
        'export',
        '// scalable-backend-ignore missing-timeout: slow partner (ann) until 2026-12-01\nexport',
      ),
    };
    const before = await run(nothingKept, { files, today: '2026-11-26' });
    const after = await run(before.kept, { files, today: '2026-12-02', outcome: before.outcome });
    expect(after.reused).toBe(true);
    expect(before.told.suppressed).toHaveLength(1);
    expect(after.told.suppressed).toHaveLength(0);
    expect(after.told).toEqual((await run(undefined, { files, today: '2026-12-02' })).told);
  });

  it('after any number of random edits', { timeout: 60_000 }, async () => {
    const paths = [...Object.keys(system), 'modules/orders/src/extra.ts', 'modules/catalog/src/index.ts'];
    const contents = [
      ...Object.values(system).filter((content) => !content.startsWith('version')),
      "export * from './inside.ts';\n",
      "import { list } from '../../catalog/src/inside.ts';\nexport const all = list();\n",
      'const broken = {;\n',
      "export const slow = () => fetch('https://example.com');\n",
      '',
    ];
    const edit = fc.record({
      path: fc.constantFrom(...paths.filter((path) => path !== 'architecture.yaml')),
      content: fc.option(fc.constantFrom(...contents)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 6 }), async (edits) => {
        let { kept, outcome } = await run(nothingKept);
        let files: Readonly<Record<string, string>> = system;
        for (const { path, content } of edits) {
          files = Object.fromEntries(Object.entries(files).filter(([name]) => name !== path));
          if (content !== null) files = { ...files, [path]: content };
          const [warm, fresh] = [await said(kept, files), await said(undefined, files)];
          expect(warm.told).toEqual(fresh.told);
          const whole = await said(kept, files, outcome);
          expect(whole.told).toEqual(fresh.told);
          ({ kept, outcome } = whole);
        }
      }),
      { numRuns: 20, seed: 7 },
    );
    /** A module may lose its last file: then both runs refuse alike. */
    async function said(kept: Kept | undefined, files: Readonly<Record<string, string>>, outcome?: Outcome) {
      try {
        return await run(kept, { files, outcome });
      } catch (error) {
        return { told: String(error), kept: kept ?? nothingKept, outcome };
      }
    }
  });

  it("and what took too long, which may be the machine's fault, is never kept", async () => {
    const workspace = memoryWorkspace([['a.py', '']]);
    const memoryOf = (kept: Kept, verify = false) =>
      remembering(kept, { workspace, identify: identities(workspace, new Map()), installed: '', verify });
    const facts = (...gaps: Gap[]): ExtractedFile => ({ path: 'a.py', functions: [], facts: [], names: [], gaps });
    const slow = facts({ path: 'a.py', why: 'too-slow', detail: 'x' });
    const first = memoryOf(nothingKept);
    expect(first.memory.facts('a.py', false, () => slow)).toBe(slow);
    expect(first.memory.facts('a.py', false, () => undefined)).toBeUndefined();
    expect(Object.keys(first.kept().facts)).toEqual([]);
    const second = memoryOf(first.kept());
    expect(second.memory.facts('a.py', false, () => facts())).toEqual(facts());
    expect(Object.keys(second.kept().facts)).toEqual(['a.py']);
    const verified = memoryOf(second.kept(), true);
    expect(verified.memory.facts('a.py', false, () => slow)).toBe(slow);
    expect(verified.wrong).toEqual([]);
  });

  it('and --verify-cache names an answer that is wrong', async () => {
    const { kept } = await run(nothingKept, { extractors: { languages: bumped, recognisers } });
    const lied = await run(kept);
    expect(lied.told).not.toEqual((await run(undefined)).told);
    const verified = await run(kept, { verify: true });
    expect(verified.wrong).toContain('facts of modules/orders/src/order.ts');
    expect(verified.told).toEqual((await run(undefined)).told);
  });
});

describe('an answer is found again', () => {
  const asked = { rule: 'a-rule', options: { typeOnly: true }, installed: '1', files: ['a.ts', 'tsconfig.json'] };
  /** Asks once with and once without what an earlier run found; says which of the answers were found anew. */
  function anew(kept: Kept, { rule, options, installed, files }: typeof asked) {
    const workspace = memoryWorkspace(files.map((path) => [path, path] as const));
    const {
      memory,
      linking,
      kept: keeping,
    } = remembering(kept, { workspace, identify: identities(workspace, new Map()), installed });
    const found: string[] = [];
    const compute =
      <T>(what: string, answer: T) =>
      () => {
        found.push(what);
        return answer;
      };
    memory.facts('a.ts', false, compute('outline', { path: 'a.ts', functions: [], facts: [], names: [], gaps: [] }));
    memory.facts('a.ts', true, compute('whole', { path: 'a.ts', functions: [], facts: [], names: [], gaps: [] }));
    linking.read('tsconfig.json');
    memory.target('a.ts', 'b', compute('target', { to: 'b.ts' }));
    memory.violations(rule, options, compute('violations', []));
    return { found, kept: JSON.parse(JSON.stringify(keeping())) as Kept };
  }
  const { kept, found: first } = anew(nothingKept, asked);
  it('the first time', () => expect(first).toEqual(['outline', 'whole', 'target', 'violations']));
  it.each<[string, Partial<typeof asked>, readonly string[]]>([
    ['never, where nothing changed', {}, []],
    ['of another rule', { rule: 'another' }, ['violations']],
    ['with other options', { options: { typeOnly: false } }, ['violations']],
    ['after something was installed', { installed: '2' }, ['target', 'violations']],
    ['with a file more', { files: [...asked.files, 'b.ts'] }, ['target', 'violations']],
    ['with a file fewer', { files: ['a.ts'] }, ['target', 'violations']],
  ])('%s', (_, changed, expected) => {
    expect(anew(kept, { ...asked, ...changed }).found).toEqual(expected);
  });
});

it('whose names a finding was found by is remembered with it', () => {
  const workspace = memoryWorkspace([['a.ts', '']]);
  const memoryOf = (kept: Kept) =>
    remembering(kept, { workspace, identify: identities(workspace, new Map()), installed: '' });
  const first = memoryOf(nothingKept);
  first.memory.violations('a-rule', {}, () => {
    first.memory.names('a.ts');
    return [];
  });
  const second = memoryOf(first.kept());
  second.memory.violations('a-rule', {}, () => {
    throw new Error('it is known');
  });
  expect([first.said().named, second.said().named]).toEqual([['a.ts'], ['a.ts']]);
  expect(second.kept().violations.named).toEqual(['a.ts']);
});

describe('an outcome is current', () => {
  const asked = { question: 'all rules', installed: '1' };
  const files = { 'a.ts': 'a', 'b.ts': 'b', 'big.ts': 'big' };
  const identified = (workspace: Workspace) => identities(workspace, new Map());
  const workspaceOf = (contents: Readonly<Record<string, string>>) => memoryWorkspace(Object.entries(contents));
  const checked = {} as Outcome['checked'];
  function made(): Outcome {
    const disk = workspaceOf(files);
    const { workspace, noted } = noting(disk, identified(disk));
    workspace.read('a.ts');
    workspace.size?.('big.ts');
    return outcomeOf(checked, { ...noted(['b.ts']), beyond: [], named: [], facts: 0 }, disk, identified(disk), asked);
  }
  const current = (workspace: Workspace, more: Partial<typeof asked> = {}) =>
    editedSince(made(), workspace, identified(workspace), { ...asked, ...more })?.length === 0;
  it('where nothing changed, and where nobody looked', () => {
    expect(current(workspaceOf(files))).toBe(true);
    expect(current(workspaceOf({ ...files, 'big.ts': 'gib' }))).toBe(true);
  });
  it.each<[string, Readonly<Record<string, string>>, Partial<typeof asked>]>([
    ['another question', files, { question: 'one rule' }],
    ['what is installed', files, { installed: '2' }],
    ['a file that was read', { ...files, 'a.ts': 'A' }, {}],
    ['a file that was known without reading', { ...files, 'b.ts': 'B' }, {}],
    ['the size of a file', { ...files, 'big.ts': 'bigger' }, {}],
    ['a file more', { ...files, 'c.ts': '' }, {}],
    ['a file fewer', { 'a.ts': 'a', 'b.ts': 'b' }, {}],
  ])('and is not after a change of %s', (_, contents, more) => {
    expect(current(workspaceOf(contents), more)).toBe(false);
  });
  it('and is not after a folder could not be listed', () => {
    const gaps = [{ path: 'locked', why: 'unreadable', detail: 'EACCES' }] as const;
    expect(current({ ...workspaceOf(files), gaps })).toBe(false);
  });
});

describe('the file that keeps it', () => {
  const kept: Kept = {
    ...nothingKept,
    facts: { 'a.ts': ['1', { path: 'a.ts', functions: [], facts: [], names: [], gaps: [] }] },
  };
  it('is read again by its maker alone, and whole', () => {
    const file = join(folderWith({}), 'deep', 'lint.json');
    const sum = save(file, 'maker', pack(kept));
    expect(sum).toBe(crc32(pack(kept)));
    expect(read(file, 'maker')).toEqual({ text: pack(kept), sum });
    expect(read(file, 'another')).toBeUndefined();
    const text = readFileSync(file, 'utf8');
    for (const broken of [text.slice(0, -1), text.replace('"1"', '"2"'), '', 'null', '\0'.repeat(100)]) {
      writeFileSync(file, broken);
      expect(read(file, 'maker')).toBeUndefined();
    }
    expect(read(join(file, 'nothing'), 'maker')).toBeUndefined();
  });
  it('lies beside what is installed, and never in what git tracks', () => {
    const folder = folderWith({ 'a.ts': '' });
    expect(placeOf(folder, []).startsWith(folder)).toBe(false);
    mkdirSync(join(folder, 'node_modules'));
    expect(placeOf(folder, ['a.ts'])).toBe(join(folder, 'node_modules', '.cache', 'scalable-backend', 'lint.json'));
    expect(placeOf(folder, ['node_modules/a/index.js']).startsWith(folder)).toBe(false);
  });
  it('does no harm where it cannot be written', () => {
    const folder = folderWith({ file: '' });
    expect(save(join(folder, 'file', 'lint.json'), 'maker', pack(kept))).toBeUndefined();
  });
});

describe('in a repository', { timeout: 30_000 }, () => {
  const git = (folder: string, ...args: readonly string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      stdio: 'pipe',
    });
  function repository(files: Readonly<Record<string, string>> = system): string {
    const folder = folderWith(files);
    git(folder, 'init', '-q');
    git(folder, 'add', '-A');
    git(folder, 'commit', '-qm', 'all');
    mkdirSync(join(folder, 'node_modules'));
    return folder;
  }
  async function onDisk(folder: string, cached: boolean) {
    const disk: Workspace = diskWorkspace(folder);
    const extractors = { languages, recognisers };
    const cache = cached ? openCache(folder, disk, { question: '' }) : undefined;
    const known = cache?.outcome ?? (await cache?.afterEdits(extractors));
    const opened = known ? undefined : cache?.open(extractors);
    const workspace = opened?.workspace ?? disk;
    const memory = opened && { remembering: opened.remembering };
    const checked = known ?? (await check({ workspace, extractors, rules, ...memory }));
    opened?.close(checked);
    return told(conclude(checked, { workspace: disk, today: '2026-11-26' }));
  }
  const both = async (folder: string) => [await onDisk(folder, true), await onDisk(folder, false)] as const;
  const order = 'modules/orders/src/order.ts';
  const other = system[order]!.replace('http.get', 'http.ge_');

  it('git knows the content of what is as the index has it', () => {
    const folder = repository();
    write(folder, { [order]: other, 'new.ts': '' });
    const { ids } = gitIds(folder)!;
    expect(ids.get('package.json')).toBe(blobId(Buffer.from(system['package.json']!)));
    expect([ids.has(order), ids.has('new.ts')]).toEqual([false, false]);
    expect(gitIds(folderWith({}))).toBeUndefined();
  });

  it.each(['--assume-unchanged', '--skip-worktree'])('a file under %s is looked at all the same', async (flag) => {
    const folder = repository();
    await both(folder);
    git(folder, 'update-index', flag, order);
    write(folder, { [order]: other });
    const [warm, fresh] = await both(folder);
    expect(warm).toEqual(fresh);
    expect(gitIds(folder)!.ids.has(order)).toBe(false);
  });

  it('an edit that keeps size and time is seen', async () => {
    const folder = repository();
    const [before] = await both(folder);
    const { atime, mtime } = statSync(join(folder, order));
    write(folder, { [order]: other });
    utimesSync(join(folder, order), atime, mtime);
    const [warm, fresh] = await both(folder);
    expect(warm).toEqual(fresh);
    expect(warm).not.toEqual(before);
  });

  it('line ends that git converts on the way out are seen', async () => {
    const folder = repository();
    await both(folder);
    write(folder, { '.gitattributes': '*.ts text eol=crlf\n' });
    rmSync(join(folder, order));
    git(folder, 'checkout', '--', order);
    expect(readFileSync(join(folder, order), 'utf8')).toContain('\r\n');
    const [warm, fresh] = await both(folder);
    expect(warm).toEqual(fresh);
  });

  const isKnown = (folder: string, question = '') =>
    openCache(folder, diskWorkspace(folder), { question }).outcome !== undefined;
  it('the outcome is known until anything that it was made from changes', async () => {
    const folder = repository({ ...system, 'README.md': '# Shop\n' });
    expect(isKnown(folder)).toBe(false);
    await both(folder);
    expect(isKnown(folder)).toBe(true);
    expect(isKnown(folder, 'another rule')).toBe(false);
    write(folder, { 'README.md': '# Another shop\n' });
    expect(isKnown(folder)).toBe(true);
    for (const path of ['architecture.yaml', 'tsconfig.json', 'modules/catalog/package.json', order]) {
      write(folder, { [path]: `${system[path]}\n` });
      expect([path, isKnown(folder)]).toEqual([path, false]);
      write(folder, { [path]: system[path]! });
      expect([path, isKnown(folder)]).toEqual([path, true]);
    }
    write(folder, { 'modules/catalog/tsconfig.json': '{}' });
    expect(isKnown(folder)).toBe(false);
  });

  const holdsAfter = async (folder: string, edits: Readonly<Record<string, string>>) => {
    write(folder, edits);
    const cache = openCache(folder, diskWorkspace(folder), { question: '' });
    expect(cache.outcome).toBeUndefined();
    return (await cache.afterEdits({ languages, recognisers })) !== undefined;
  };
  it('the outcome holds after an edit that no rule could see, and is known from then on', async () => {
    const folder = repository();
    const inside = 'modules/catalog/src/inside.ts';
    await both(folder);
    expect(await holdsAfter(folder, { [inside]: `// A comment.\n${system[inside]}` })).toBe(true);
    expect(isKnown(folder)).toBe(true);
    expect(await holdsAfter(folder, { [inside]: system[inside]!, [order]: `${system[order]}// The end.\n` })).toBe(
      true,
    );
    expect(await holdsAfter(folder, { [order]: `// Moved.\n${system[order]}` })).toBe(false);
    expect(await holdsAfter(folder, { [order]: other })).toBe(false);
    const [warm, fresh] = await both(folder);
    expect(warm).toEqual(fresh);
    expect(await holdsAfter(folder, { [inside]: `${system[inside]}import './contract.ts';\n` })).toBe(false);
    expect(await holdsAfter(folder, { [inside]: system[inside]!, 'package.json': `${system['package.json']}\n` })).toBe(
      false,
    );
  });

  it('facts of another run than that of the outcome are not believed', async () => {
    const folder = repository();
    await both(folder);
    const kept = placeOf(folder, []);
    const [head, ...lines] = readFileSync(kept, 'utf8').split('\n');
    save(kept, head!.split(' ')[1]!, lines.toReversed().join('\n'));
    expect(await holdsAfter(folder, { [order]: `${system[order]}// The end.\n` })).toBe(false);
    rmSync(kept);
    expect(await holdsAfter(folder, { [order]: `${system[order]}// The very end.\n` })).toBe(false);
  });

  it('--verify-cache names an outcome that does not hold after an edit', async () => {
    const folder = repository();
    await both(folder);
    const kept = outcomeBeside(placeOf(folder, []));
    const [head, body = ''] = readFileSync(kept, 'utf8').split('\n');
    const outcome = JSON.parse(body) as Outcome;
    const lied = { ...outcome, checked: { ...outcome.checked, violations: [] } };
    save(kept, head!.split(' ')[1]!, JSON.stringify(lied));
    write(folder, { [order]: `${system[order]}// The end.\n` });
    const extractors = { languages, recognisers };
    const cache = openCache(folder, diskWorkspace(folder), { question: '', verify: true });
    expect(await cache.afterEdits(extractors)).toBeUndefined();
    const { workspace, remembering, close } = cache.open(extractors);
    const checked = await check({ workspace, extractors, rules, remembering });
    expect(() => close(checked)).toThrow('wrong about the outcome');
  });

  it('after any number of small edits, what is kept says what a fresh run says', { timeout: 120_000 }, async () => {
    const folder = repository();
    const paths = Object.keys(system).filter((path) => path.endsWith('.ts'));
    const edits: readonly ((text: string) => string)[] = [
      (text) => `// A comment.\n${text}`,
      (text) => `${text}export const more = 1;\n`,
      (text) => `${text}import './http.ts';\n`,
      (text) => text.replace(/^import.*\n/m, ''),
      (text) => text.replace('export const', 'export  const'),
      (text) => text.replace("'/x'", "'/y'"),
      (text) => text.replace(/({)(})/, '$1 timeout: 9 $2'),
      (text) => `${text}// scalable-backend-ignore missing-timeout: slow (ann) until 2027-12-01\n`,
      (text) => `${text}const = ;\n`,
    ];
    const step = fc.record({ path: fc.constantFrom(...paths), edit: fc.constantFrom(...edits), afresh: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
        write(folder, system);
        for (const { path, edit, afresh } of steps) {
          const before = afresh ? system[path]! : readFileSync(join(folder, path), 'utf8');
          write(folder, { [path]: edit(before) });
          const [warm, fresh] = await both(folder);
          expect(warm).toEqual(fresh);
        }
      }),
      { numRuns: 2, seed: 11 },
    );
  });

  it('the outcome of a run in which a file took too long is not kept', async () => {
    const folder = repository(system);
    const extractors = { languages, recognisers };
    const opened = () => openCache(folder, diskWorkspace(folder), { question: '' }).open(extractors);
    const first = opened();
    const checked = await check({ workspace: first.workspace, extractors, rules, remembering: first.remembering });
    first.close({ ...checked, gaps: [[{ path: order, why: 'too-slow', detail: 'x' }, true]] });
    expect(isKnown(folder)).toBe(false);
    opened().close(checked);
    expect(isKnown(folder)).toBe(true);
  });

  it('a baseline accepts in a run whose outcome is known', async () => {
    const path = '.scalable-backend/baseline/orders.json';
    const folder = repository({ ...system, [path]: '{ "version": 1, "accepted": {} }' });
    const [before] = await both(folder);
    const { rule, atoms } = before.findings.find((each: { rule: string }) => each.rule === 'missing-timeout');
    write(folder, { [path]: JSON.stringify({ version: 1, accepted: { [rule]: atoms } }) });
    expect(isKnown(folder)).toBe(true);
    const [warm, fresh] = await both(folder);
    expect(warm).toEqual(fresh);
    expect(warm.accepted).toHaveLength(1);
  });

  it('--verify-cache names an outcome that is wrong, and keeps the right one', async () => {
    const folder = repository();
    await both(folder);
    const kept = outcomeBeside(placeOf(folder, []));
    const [head, body = ''] = readFileSync(kept, 'utf8').split('\n');
    const outcome = JSON.parse(body) as Outcome;
    save(kept, head!.split(' ')[1]!, JSON.stringify({ ...outcome, checked: { ...outcome.checked, violations: [] } }));
    const disk = diskWorkspace(folder);
    const cache = openCache(folder, disk, { question: '', verify: true });
    expect(cache.outcome).toBeUndefined();
    const extractors = { languages, recognisers };
    const { workspace, remembering, close } = cache.open(extractors);
    const checked = await check({ workspace, extractors, rules, remembering });
    expect(() => close(checked)).toThrow('wrong about the outcome');
    const [warm, fresh] = await both(folder);
    expect(warm).toEqual(fresh);
  });

  it('facts of a recogniser of another version are not believed', async () => {
    const folder = repository();
    await both(folder);
    const [first, ...more] = recognisers.typescript!;
    const newer = { ...recognisers, typescript: [{ ...first!, version: first!.version + 1 }, ...more] };
    const read = (known: typeof recognisers) => {
      let computed = false;
      const { remembering } = openCache(folder, diskWorkspace(folder), {}).open({ languages, recognisers: known });
      remembering.memory.facts(order, false, () => {
        computed = true;
        return { path: order, functions: [], facts: [], names: [], gaps: [] };
      });
      return computed;
    };
    expect([read(recognisers), read(newer)]).toEqual([false, true]);
  });

  it('what is installed anew takes the cache with it', async () => {
    const folder = repository();
    const [before] = await both(folder);
    rmSync(join(folder, 'node_modules'), { recursive: true });
    mkdirSync(join(folder, 'node_modules'));
    writeFileSync(join(folder, 'node_modules', '.package-lock.json'), '{}');
    expect((await both(folder))[0]).toEqual(before);
  });
});
