import { createRequire } from 'node:module';
import ajv from 'ajv-draft-04';
import { afterEach, describe, expect, it } from 'vitest';
import { lintOf } from '../../test/support/lint.ts';
import { folderWith, removeFolders, run } from '../../test/support/program.ts';
import { diskWorkspace } from '../extract/workspace/disk.ts';
import { memoryWorkspace } from '../extract/workspace/memory.ts';
import { withFixes } from '../lint/fix/fix.ts';
import { sarif } from './sarif.ts';

afterEach(removeFolders);

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}
interface Change {
  readonly artifactLocation: { readonly uri: string };
  readonly replacements: readonly {
    readonly deletedRegion: Region;
    readonly insertedContent: { readonly text: string };
  }[];
}
interface Result {
  readonly ruleId: string;
  readonly suppressions?: unknown;
  readonly fixes?: readonly { readonly artifactChanges: readonly Change[] }[];
}

/** What a reader of SARIF makes of a file: lines end with CR LF or LF, columns count UTF-16 units from 1. */
function applied(text: string, changes: readonly Change['replacements'][number][]): string {
  const starts = [0, ...[...text.matchAll(/\r\n|\n/g)].map(({ index, 0: end }) => index + end.length)];
  const offset = (line: number, column: number) => starts[line - 1]! + column - 1;
  return changes
    .map(({ deletedRegion: { startLine, startColumn, endLine, endColumn }, insertedContent }) => ({
      start: offset(startLine, startColumn),
      end: offset(endLine, endColumn),
      insert: insertedContent.text,
    }))
    .toSorted((a, b) => b.start - a.start)
    .reduce((all, { start, end, insert }) => all.slice(0, start) + insert + all.slice(end), text);
}
const resultsOf = (log: string): readonly Result[] => JSON.parse(log).runs[0].results;
function byFile(results: readonly Result[]) {
  const changes = results.flatMap(({ fixes = [] }) => fixes.flatMap(({ artifactChanges }) => artifactChanges));
  const paths = Map.groupBy(changes, ({ artifactLocation: { uri } }) => decodeURIComponent(uri));
  return new Map([...paths].map(([path, all]) => [path, all.flatMap(({ replacements }) => replacements)]));
}

const files: Readonly<Record<string, string>> = {
  'package.json': '{"name":"a"}',
  'src/plain.ts': "export const a = () => fetch('https://example.com');\n",
  'src/we é%#.ts':
    "/* é 𝒳 👩‍👩‍👧 */ export const b = async () => [await fetch('x'), await fetch('y', {})]; // \u2028\nfetch('z');\n",
  'src/marked.ts': "\uFEFFfetch('x');\nfetch('y');\n",
  'src/windows.ts':
    "\r\nexport const c = (u: string) =>\r\n  fetch(u, {\r\n\t\tmethod: 'POST',\r\n  });\r\nfetch('z', { signal: undefined });\r\n",
  'src/axios.ts': "import axios from 'axios';\nexport const d = (u: string) => axios.get(u, { timeout: 0 });\n",
  'src/elsewhere.ts':
    "import axios from 'axios';\nconst never = { timeout: 0 };\nexport const e = (u: string) => axios.get(u, never);\n",
  'src/accepted.ts': "// scalable-backend-ignore missing-timeout: it is fast\nfetch('https://example.com');\n",
};

describe('fixes in SARIF', () => {
  it('applied to the files give the bytes that --fix writes', async () => {
    const folder = folderWith(files);
    const { stdout, status } = await run('lint', folder, '--format', 'sarif', '--no-cache');
    expect(status).toBe(1);
    const changes = byFile(resultsOf(stdout));
    const expected = new Map(Object.entries(files));
    for (const [path, all] of changes) {
      const mark = files[path]!.startsWith('\uFEFF') ? '\uFEFF' : '';
      expected.set(path, mark + applied(files[path]!.slice(mark.length), all));
    }
    expect([...changes].map(([path, all]) => [path, all.length])).toEqual([
      ['src/axios.ts', 1],
      ['src/marked.ts', 2],
      ['src/plain.ts', 1],
      ['src/we é%#.ts', 3],
      ['src/windows.ts', 2],
    ]);
    await run('lint', folder, '--fix', '--no-cache');
    const disk = diskWorkspace(folder);
    for (const [path, text] of expected) expect([path, Buffer.from(disk.read(path)!).toString()]).toEqual([path, text]);
    expect(expected.get('src/windows.ts')).toContain(
      "method: 'POST',\r\n\t\tsignal: AbortSignal.timeout(5_000),\r\n  }",
    );
  });

  it('are valid against the official schema, and only there where a finding can be repaired safely', async () => {
    const report = await withFixes(await lintOf(memoryWorkspace(Object.entries(files))));
    const log = sarif.render(report, { color: false, version: '1.2.3' });
    const schema = createRequire(import.meta.url)('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
    const validate = new ajv.default({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
    validate(JSON.parse(log));
    expect(validate.errors).toBeNull();
    const results = resultsOf(log);
    expect(results.filter(({ fixes }) => fixes).every(({ ruleId }) => ruleId === 'missing-timeout')).toBe(true);
    expect(results.filter(({ suppressions }) => suppressions)).toMatchObject([{ ruleId: 'missing-timeout' }]);
    expect(results.find(({ suppressions }) => suppressions)).not.toHaveProperty('fixes');
    expect(JSON.parse(log).runs[0].columnKind).toBe('utf16CodeUnits');
  });

  it('one at a time repair one finding each', async () => {
    const workspace = memoryWorkspace(Object.entries(files));
    const before = await withFixes(await lintOf(workspace));
    const timeouts = (all: readonly { readonly rule: string }[]) =>
      all.filter(({ rule }) => rule === 'missing-timeout').length;
    const open = timeouts(before.findings);
    expect(before.fixes?.size).toBe(9);
    for (const [finding, { span, text }] of before.fixes!) {
      const [{ path }] = finding.at;
      const source = before.source(path);
      const changed = source.slice(0, span[0]) + text + source.slice(span[1]);
      expect(timeouts((await lintOf(workspace, new Map([[path, changed]]))).findings)).toBe(open - 1);
    }
  });

  it('are asked for by nobody but a format that shows them', async () => {
    const { fixes } = await lintOf(memoryWorkspace(Object.entries(files)));
    expect(fixes).toBeUndefined();
  });
});
