import { describe, expect, it } from 'vitest';
import { filesOf, lint, type Recogniser, type Rule, Session, testRule } from '../../../src/api.ts';
import { noLeftPad, phone } from '../../support/added.ts';

const files = {
  'package.json': '{"name":"a"}',
  'src/index.ts': "import pad from 'left-pad';\nimport { ring } from 'phone';\nring('mum');\nexport default pad;\n",
};
const system = filesOf(files);
const rule = (changes: object): Rule => ({ ...noLeftPad, ...changes }) as Rule;
const recogniser = (changes: object): Recogniser => ({ ...phone, ...changes }) as Recogniser;

describe('what is added has the right shape and a name of its own', () => {
  it.each<[string, object, string, string]>([
    ['no id', { id: undefined }, 'The rule number 1', 'id: expected a name'],
    ['another name', { id: 'NoPad' }, "The rule 'NoPad'", 'lower-case words'],
    ['no prose', { why: '' }, "The rule 'no-left-pad'", 'why:'],
    ['a severity', { severity: 'warn' }, "The rule 'no-left-pad'", 'severity: Invalid option (error, warning, info)'],
    ['what it reads', { reads: ['file', 'imprt'] }, "The rule 'no-left-pad'", 'reads.1:'],
    ['its subject', { subject: 'imports' }, "The rule 'no-left-pad'", 'subject:'],
    ['options', { options: {} }, "The rule 'no-left-pad'", 'z.unknown()'],
    ['no check', { check: undefined }, "The rule 'no-left-pad'", 'check: expected a function'],
    ['a name of ours', { id: 'missing-timeout' }, "a rule 'missing-timeout' already", 'of the linter'],
    ['a name of what we say ourselves', { id: 'suppression' }, "a rule 'suppression' already", 'of the linter'],
  ])('a rule: %s', async (_, changes, who, what) => {
    const refused = { exitCode: 2, message: expect.stringMatching(all(who, what)) };
    await expect(lint(system, { rules: [rule(changes)] })).rejects.toMatchObject(refused);
    await expect(new Session('.', { rules: [rule(changes)] }).lint()).rejects.toMatchObject(refused);
  });
  it.each<[string, object, string, string]>([
    ['another name', { id: 'phone' }, "The recogniser 'phone'", '<language>/<library>'],
    ['no version', { version: undefined }, "The recogniser 'typescript/phone'", 'version:'],
    ['what it emits', { emits: ['call-remote'] }, "The recogniser 'typescript/phone'", 'emits.0:'],
    ['a gate', { when: { import: ['phone'] } }, "The recogniser 'typescript/phone'", 'import'],
    ['a view', { on: { calls: () => {} } }, "The recogniser 'typescript/phone'", 'calls'],
    ['a name of ours', { id: 'typescript/axios' }, "a recogniser 'typescript/axios' already", 'of the linter'],
  ])('a recogniser: %s', async (_, changes, who, what) => {
    const message = expect.stringMatching(all(who, what));
    const given = { recognisers: { typescript: [recogniser(changes)] } };
    await expect(lint(system, given)).rejects.toMatchObject({ exitCode: 2, message });
  });
  it('twice the same, another language, no lists', async () => {
    const message = (given: object) => lint(system, given).then(String, (error: Error) => error.message);
    expect(await message({ rules: [noLeftPad, noLeftPad] })).toContain("a rule 'no-left-pad' already: one of yours");
    expect(await message({ recognisers: { typescript: [phone, phone] } })).toContain('one of yours');
    expect(await message({ recognisers: { typscript: [phone] } })).toContain("no recognisers of 'typscript'");
    expect(await message({ rules: noLeftPad })).toContain('no list');
    expect(await message({ recognisers: [phone] })).toContain('no object');
    expect(await message({ recognisers: { typescript: phone } })).toContain('no list');
  });
});

describe('a rule that fails is named, and the others run', () => {
  it.each<[string, object, string]>([
    [
      'throws',
      {
        check: () => {
          throw new Error('boom');
        },
      },
      'boom',
    ],
    [
      'throws something else',
      {
        check: () => {
          throw 'boom';
        },
      },
      'boom',
    ],
    ['reads what it did not declare', { reads: ['file'] }, "reads 'import' without declaring"],
    ['is asynchronous', { check: async () => [] }, 'iterable'],
    ['yields nothing like a violation', { check: () => [{}] }, 'not well formed: subject:'],
    ['yields no atoms', { check: () => [{ ...violation, atoms: [] }] }, 'atoms:'],
    ['yields no place', { check: () => [{ ...violation, at: [] }] }, 'at'],
    ['is never sure', { check: () => [{ ...violation, confidence: 'maybe' }] }, 'confidence: Invalid option'],
  ])('%s', async (_, changes, message) => {
    const report = await lint(system, { rules: [rule(changes)], recognisers: { typescript: [phone] } });
    expect(report.problems).toEqual([expect.stringContaining("The rule 'no-left-pad' failed: ")]);
    expect(report.problems[0]).toContain(message);
    expect(report.exitCode).toBe(2);
    expect(report.findings.map((finding) => finding.rule)).toContain('missing-timeout');
  });
  const violation = {
    subject: 'file:src/index.ts',
    atoms: ['a'],
    message: 'm',
    at: [{ path: 'src/index.ts', span: [0, 1] }],
    confidence: 'certain',
  };
});

describe('a recogniser that fails leaves a gap', () => {
  const gapsOf = async (changes: object) => {
    const { coverage, exitCode } = await lint(system, { recognisers: { typescript: [recogniser(changes)] } });
    expect(exitCode).toBe(2);
    return coverage.gaps.map(({ path, detail }) => `${path} ${detail}`);
  };
  it('where it throws', async () => {
    const call = () => {
      throw new Error('boom');
    };
    const gap = expect.stringContaining(
      "src/index.ts reading it failed (the recogniser 'typescript/phone' failed: boom",
    );
    expect(await gapsOf({ on: { call } })).toEqual([gap]);
  });
  it('where it emits what it did not announce', async () => {
    expect(await gapsOf({ emits: ['db-call'] })).toEqual([expect.stringContaining("emits 'remote-call' without")]);
  });
  it('where the file is read in another process, which does not know it', async () => {
    const nested = `${'['.repeat(400)}${']'.repeat(400)}`;
    const risky = (text: string) =>
      lint(filesOf({ 'package.json': '{}', 'src/a.ts': `${text}\nexport const deep = ${nested};\n` }), {
        recognisers: { typescript: [phone] },
      });
    const details = async (text: string) => (await risky(text)).coverage.gaps.map(({ detail }) => detail).join();
    const without = await details("import 'other';");
    const asked = await details("import { ring } from 'phone';\nring('mum');");
    expect(without).toBe('');
    expect(asked).toContain("the recogniser 'typescript/phone' was not asked");
  });
});

describe('testRule', () => {
  const ok = { 'package.json': '{}', 'src/a.ts': "import 'pg';\n" };
  const bad = { 'package.json': '{}', 'src/a.ts': "import 'left-pad';\n" };
  it('passes where a rule finds what it should, and returns it', async () => {
    expect(await testRule(noLeftPad, { ok, bad })).toMatchObject([{ rule: 'no-left-pad', message: 'left-pad again.' }]);
  });
  it('compares the whole report with findings.txt', async () => {
    const error: Error = await testRule(noLeftPad, { ok, bad: { ...bad, 'findings.txt': '' } }).then(
      () => new Error('passed'),
      (thrown) => thrown,
    );
    const text = error.message.split('but is as here:\n\n')[1]!;
    expect(text).toContain('src/a.ts:1:8');
    await testRule(noLeftPad, { ok, bad: { ...bad, 'findings.txt': text } });
  });
  it.each<[string, Rule, { ok: Record<string, string>; bad: Record<string, string> }, string]>([
    ['finds something in ok', noLeftPad, { ok: bad, bad }, 'ok should have no findings'],
    ['finds nothing in bad', noLeftPad, { ok, bad: ok }, 'bad should have findings'],
    ['looks at nothing', noLeftPad, { ok: { ...ok, 'src/a.ts': 'export {};\n' }, bad }, 'did not look at anything'],
    ['fails', rule({ check: () => [{}] }), { ok, bad }, 'ok could not be checked'],
    ['gets what cannot be read', noLeftPad, { ok: { ...ok, 'src/b.ts': 'const = ;' }, bad }, 'ok could not be checked'],
  ])('throws where a rule %s', async (_, tested, cases, message) => {
    await expect(testRule(tested, cases)).rejects.toThrow(message);
  });
});

const all = (...parts: readonly string[]) =>
  new RegExp(parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*'), 's');
