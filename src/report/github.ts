import type { Finding, Report } from '../lint/finding.ts';
import { visible, visibleLines } from '../model/visible.ts';
import { positionOf } from './position.ts';
import type { Reporter } from './reporter.ts';
import { ruleOf } from './rule.ts';

/** Annotations on the lines of a pull request, and a summary on the page of the run. */
export const github: Reporter = {
  id: 'github',
  title: 'annotations and job summary of GitHub Actions',
  render: (report) => [...annotations(report), ''].join('\n'),
  summary: { variable: 'GITHUB_STEP_SUMMARY', render: markdown },
};

const commands = { error: 'error', warning: 'warning', info: 'notice' } as const;

function* annotations(report: Report): Iterable<string> {
  for (const { severity, rule, message, at } of report.findings) {
    const [{ path, span }] = at;
    const text = report.source(path);
    const [start, end] = [positionOf(text, span[0]), positionOf(text, span[1])];
    const columns = start.line === end.line ? { col: start.column, endColumn: end.column } : {};
    const place = { file: path, line: start.line, endLine: end.line, ...columns };
    yield command(commands[severity], { ...place, title: rule }, `${message}\n${ruleOf(report, rule).fix}`);
  }
  for (const { path, detail } of report.coverage.gaps.filter(({ blocks }) => blocks)) {
    yield command('error', { file: path, title: 'not checked' }, detail);
  }
  const run = [...report.problems, ...(report.exceeded ? [report.exceeded] : [])];
  for (const problem of run) yield command('error', { title: 'scalable-backend' }, problem);
}

function command(name: string, properties: Readonly<Record<string, string | number>>, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${property(String(value))}`);
  return `::${name} ${list.join(',')}::${data(message)}`;
}
const data = (text: string) => visibleLines(text).replaceAll('%', '%25').replaceAll('\n', '%0A');
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

function markdown(report: Report): string {
  const { findings, suppressed, accepted, coverage, problems, exceeded } = report;
  const { files, imports } = coverage;
  const outcome = { 0: 'nothing to correct', 1: 'findings', 2: 'could not check everything' }[report.exitCode];
  const counts = `${findings.length} findings, ${suppressed.length} suppressed, ${accepted.length} accepted by the baseline`;
  const checked = `${files.parsed} of ${files.read} source files, ${imports.resolved} of ${imports.seen} imports resolved`;
  const failures = [...problems, ...(exceeded ? [exceeded] : [])].map((failure) => `- **${escaped(failure)}**`);
  const rows = findings.map((finding) => row(report, finding));
  const table = ['| | rule | where | what |', '| --- | --- | --- | --- |', ...rows];
  return [
    `## Architecture: ${outcome}`,
    '',
    `${counts}. Checked ${checked}.`,
    '',
    ...failures,
    ...(rows.length > 0 ? table : []),
    '',
    '',
  ].join('\n');
}

function row(report: Report, { severity, rule, at, message }: Finding): string {
  const [{ path, span }] = at;
  const { line } = positionOf(report.source(path), span[0]);
  return `| ${severity} | \`${rule}\` | ${escaped(`${path}:${line}`)} | ${escaped(message)} |`;
}
/** Names of files are the repository's: they must not become markup. */
const escaped = (text: string): string =>
  visible(text)
    .replace(/[\\`*_{}[\]()#!|~]/g, '\\$&')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
