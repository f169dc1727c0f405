import { createRequire } from 'node:module';
import ajv from 'ajv-draft-04';
import { describe, expect, it } from 'vitest';
import { lintOf } from '../../test/support/lint.ts';
import { memoryWorkspace } from '../extract/workspace/memory.ts';
import type { Finding, Report } from '../lint/finding.ts';
import { reporters } from './catalogue.gen.ts';
import { fingerprints } from './fingerprint.ts';
import { positionOf } from './position.ts';
import { textReport } from './text.ts';

const hostile = 'src/we <b>"it\'s" & `x`, 50%: é.ts';
/** A finding of each kind: open, suppressed, accepted, one with a hostile name, and a gap. */
const workspace = memoryWorkspace([
  ['package.json', '{"name":"a"}'],
  ['.github/CODEOWNERS', '* @all\n'],
  [
    '.scalable-backend/baseline.json',
    '{"version":1,"accepted":{"missing-timeout":["a:accepted.ts#<module>#fetch","a:gone.ts#<module>#fetch"]}}',
  ],
  ['src/index.ts', `import './accepted.ts';\nfetch('https://example.com');\nfetch('https://example.com');\n`],
  ['src/accepted.ts', "fetch('https://example.com');\n"],
  ['src/suppressed.ts', "// scalable-backend-ignore missing-timeout: it is fast\nfetch('https://example.com');\n"],
  ['src/broken.ts', 'const = ;\n'],
  [hostile, "fetch('https://example.com');\n"],
]);
const report = await lintOf(workspace);
const render = (id: string) =>
  reporters.find((reporter) => reporter.id === id)!.render(report, { color: false, version: '1.2.3' });

it('the workspace has one of everything', () => {
  expect(report.findings.length).toBeGreaterThanOrEqual(4);
  expect([report.suppressed.length, report.exitCode]).toEqual([1, 2]);
});

describe('sarif', () => {
  const schema = createRequire(import.meta.url)('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const validate = new ajv.default({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
  const log = JSON.parse(render('sarif'));
  const [run] = log.runs;

  it('is valid against the official schema', () => {
    validate(log);
    expect(validate.errors).toBeNull();
    expect(validate({ ...log, runs: [{}] })).toBe(false);
  });
  it('has every finding, with those that are accepted marked', () => {
    const { findings, suppressed, accepted } = report;
    expect(run.results).toHaveLength(findings.length + suppressed.length + accepted.length);
    const marked = run.results.filter((result: { suppressions?: unknown }) => result.suppressions);
    expect(marked).toHaveLength(suppressed.length + accepted.length);
    expect(run.invocations[0]).toMatchObject({ executionSuccessful: false, exitCode: 2 });
  });
  it('leads from each result to its rule', () => {
    const { rules } = run.tool.driver;
    for (const { ruleId, ruleIndex } of run.results) expect(rules[ruleIndex].id).toBe(ruleId);
  });
  it('tells findings apart by atoms, not by lines', async () => {
    const prints = run.results.map(
      (result: { partialFingerprints: Record<string, string> }) => result.partialFingerprints['atoms/v1'],
    );
    expect(new Set(prints).size).toBe(prints.length);
    const moved = await lintOf(
      workspace,
      new Map([
        [
          'src/index.ts',
          `\n\n\nimport './accepted.ts';\nfetch('https://example.com');\nfetch('https://example.com');\n`,
        ],
      ]),
    );
    const again = JSON.parse(
      reporters.find(({ id }) => id === 'sarif')!.render(moved, { color: false, version: '1.2.3' }),
    );
    const printsAgain = again.runs[0].results.map(
      (result: { partialFingerprints: Record<string, string> }) => result.partialFingerprints['atoms/v1'],
    );
    expect(printsAgain).toEqual(prints);
  });
  it('names files as URIs', () => {
    const uris = run.results.map(
      (result: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }) =>
        result.locations[0]!.physicalLocation.artifactLocation.uri,
    );
    expect(uris).toContain(hostile.split('/').map(encodeURIComponent).join('/'));
  });
});

describe('junit', () => {
  const xml = render('junit');
  it('counts what failed, what was skipped and what could not be checked', () => {
    expect(xml).toMatch(/<testsuite name="missing-timeout" tests="3" failures="3"/);
    expect(xml).toMatch(/<testsuite name="coverage" tests="1" failures="0" errors="1"/);
    expect(xml).toContain('<skipped message="not applicable">');
  });
  it('has what fails no run as output of a case that passed', async () => {
    const setting = 'version: 1\nname: a\nlint: { rules: { missing-timeout: info } }\n';
    const mild = await lintOf(workspace, new Map([['architecture.yaml', setting]]));
    const text = reporters.find(({ id }) => id === 'junit')!.render(mild, { color: false, version: '' });
    expect(text).toMatch(/<testsuite name="missing-timeout" tests="3" failures="0"/);
    expect(text).toContain('<system-out>info: ');
  });
  it('is well formed whatever files are called', () => {
    const bare = xml.replace(/<\/?[a-z-]+(?: [a-z]+="[^"<>]*")*\/?>/g, '').replace(/^<\?xml .*\?>$/m, '');
    expect(bare).not.toMatch(/[<>"]/);
    expect(bare.replace(/&(amp|lt|gt|quot|#10);/g, '')).not.toContain('&');
  });
});

describe('github', () => {
  it('annotates each finding on one line, with what would end a property escaped', () => {
    const lines = render('github').trimEnd().split('\n');
    expect(lines.every((line) => /^::(error|warning|notice) [^\n]*::[^\n]+$/.test(line))).toBe(true);
    expect(lines.find((line) => line.includes('50%25%3A'))).toContain('`x`%2C ');
    expect(lines.filter((line) => line.includes('title=not checked'))).toHaveLength(1);
  });
  it('says why nothing could be concluded', () => {
    expect(render('github')).toContain(
      '::error title=scalable-backend::1 place of production code could not be checked.',
    );
  });
  it('summarises in Markdown without the markup of names', () => {
    const { summary } = reporters.find(({ id }) => id === 'github')!;
    expect(summary?.variable).toBe('GITHUB_STEP_SUMMARY');
    const text = summary!.render(report);
    expect(text).toContain('could not check everything');
    expect(text).not.toContain('<b>');
  });
});

it('gitlab has one issue for each finding and each gap, with unique fingerprints', () => {
  const issues = JSON.parse(render('gitlab')) as { fingerprint: string; location: { lines: { begin: number } } }[];
  expect(issues).toHaveLength(report.findings.length + 1);
  expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
  expect(issues.every(({ location }) => location.lines.begin >= 1)).toBe(true);
});

it('json has the exit code of the run, and what is accepted', () => {
  const { exitCode, findings, suppressed, accepted } = JSON.parse(render('json'));
  expect(exitCode).toBe(report.exitCode);
  expect([findings, suppressed, accepted].map(({ length }) => length)).toEqual(
    [report.findings, report.suppressed, report.accepted].map(({ length }) => length),
  );
});

describe('text', () => {
  const told = (from: Report) => textReport(from, { color: false });
  it('shows what could not be checked, and which rules had nothing to check', () => {
    expect(told(report)).toContain('Not checked\n  src/broken.ts does not parse: ');
    expect(told(report)).toMatch(/ Not applicable: .*layer-order/);
  });
  it('calls no run clean that has something accepted', () => {
    const quiet = { ...report, findings: [], suppressed: [], problems: [] };
    expect(told(quiet)).toContain('1 accepted by the baseline.');
    expect(told({ ...quiet, accepted: [] })).toContain('No findings.');
    expect(told({ ...quiet, accepted: [], since: { commit: 'a1', known: 2 } })).toContain('2 known since a1.');
  });
  it('says how sure a finding is, and what it measures', () => {
    const [finding] = report.findings;
    const guess = { ...finding!, confidence: 'likely', measure: { value: 3, limit: 2 } } as const;
    expect(told({ ...report, findings: [guess] })).toContain(`(likely) ${finding!.message} [3, limit 2]`);
  });
});

describe('the identity of a finding', () => {
  const finding = { ...report.findings[0]!, atoms: ['a', 'b'] };
  const printOf = (changed: Partial<Finding>) => {
    const all = [{ ...finding, ...changed }];
    return fingerprints(all).get(all[0]!);
  };
  it('is that of its rule and its atoms', () => {
    const one = printOf({});
    expect(printOf({ message: 'in other words', atoms: ['b', 'a'], severity: 'info' })).toBe(one);
    expect(printOf({ rule: 'another' })).not.toBe(one);
    expect(printOf({ atoms: ['a'] })).not.toBe(one);
  });
  it('is told from that of another one with equal atoms', () => {
    const all = [finding, { ...finding }];
    expect(new Set(fingerprints(all).values()).size).toBe(2);
  });
});

it.each([
  [0, 1, 1],
  [1, 1, 2],
  [2, 1, 3],
  [3, 2, 1],
  [4, 2, 2],
  [5, 3, 1],
])('offset %i of three lines is line %i, column %i', (offset, line, column) => {
  expect(positionOf('ab\nc\nd', offset)).toEqual({ line, column });
});

it.each(reporters.map(({ id }) => id))('%s is the same each time', (id) => {
  expect(render(id)).toBe(render(id));
  expect(render(id)).toMatch(/\n$/);
});
