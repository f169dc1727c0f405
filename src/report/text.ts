import pc from 'picocolors';
import type { Coverage, Finding, JudgedGap, Report } from '../lint/finding.ts';
import { counted } from '../model/counted.ts';
import { visible, withoutCommands } from '../model/visible.ts';
import { codeFrame, positionOf } from './position.ts';
import type { Painting, Reporter } from './reporter.ts';
import { ruleOf } from './rule.ts';

type Paint = ReturnType<typeof pc.createColors>;

export const text: Reporter = { id: 'text', title: 'for people', render: textReport };

/** For people: findings by rule with the line of code, what could not be checked, and what was. */
export function textReport(report: Report, { color }: Pick<Painting, 'color'>): string {
  const paint = pc.createColors(color);
  const byRule = Map.groupBy(report.findings, ({ rule }) => rule);
  const blocks = [...byRule].map(([id, findings]) => ruleBlock(id, findings, report, paint));
  const gaps = report.coverage.gaps.filter(({ blocks: blocking }) => blocking);
  if (gaps.length > 0) blocks.push(gapBlock(gaps, report, paint));
  return withoutCommands(`${[...blocks, summary(report, paint)].join('\n\n')}\n`);
}

function ruleBlock(id: string, findings: readonly Finding[], report: Report, paint: Paint): string {
  const rule = ruleOf(report, id);
  const head = `${paint.bold(id)}  ${rule.title}`;
  const prose = [`  ${paint.dim('why')} ${rule.why}`, `  ${paint.dim('fix')} ${rule.fix}`];
  return [head, ...findings.map((finding) => findingBlock(finding, report, paint)), ...prose].join('\n');
}

function findingBlock(finding: Finding, report: Report, paint: Paint): string {
  const { severity, confidence, message, at, measure, added } = finding;
  const [first, ...others] = at;
  const mark =
    severity === 'error' ? paint.red(severity) : severity === 'warning' ? paint.yellow(severity) : paint.cyan(severity);
  const sure = confidence === 'certain' ? '' : ` (${confidence})`;
  const measured = measure ? ` [${measure.value}, limit ${measure.limit}]` : '';
  const text = report.source(first.path);
  const { line, column } = positionOf(text, first.span[0]);
  const [code, marker] = codeFrame(text, first.span);
  const gutter = String(line);
  const lines = [
    `  ${mark}${sure} ${visible(message)}${measured}`,
    `    ${paint.cyan(`${visible(first.path)}:${line}:${column}`)}${first.note ? `  ${visible(first.note)}` : ''}`,
    `    ${paint.dim(`${gutter} |`)} ${visible(code)}`,
    `    ${' '.repeat(gutter.length)} ${paint.dim('|')} ${paint.red(marker)}`,
  ];
  for (const { path, span, note } of others) {
    const place = positionOf(report.source(path), span[0]);
    lines.push(
      `    ${paint.cyan(`${visible(path)}:${place.line}:${place.column}`)}${note ? `  ${visible(note)}` : ''}`,
    );
  }
  if (added) lines.push(`    ${paint.dim('not in the baseline')} ${visible(added.join(', '))}`);
  return lines.join('\n');
}

const meanings: Readonly<Record<JudgedGap['why'], string>> = {
  parse: 'does not parse',
  'too-big': 'is too big',
  'too-deep': 'is nested too deeply',
  'too-slow': 'takes too long to read',
  unresolved: 'imports something that is not there',
  computed: 'imports what is computed',
  unsupported: 'is in a form that no extractor knows',
  unreadable: 'cannot be read',
};

function gapBlock(gaps: readonly JudgedGap[], report: Report, paint: Paint): string {
  const lines = gaps.map(({ path, why, detail, span }) => {
    const place = span ? positionOf(report.source(path), span[0]) : undefined;
    const where = place ? `${path}:${place.line}:${place.column}` : path;
    return `  ${paint.cyan(visible(where))} ${meanings[why]}: ${visible(detail)}`;
  });
  const next = `  ${paint.dim('fix')} Correct the file, or accept it in architecture.yaml: lint.unchecked: [{ path, reason, until }].`;
  return [paint.bold('Not checked'), ...lines, next].join('\n');
}

function summary(report: Report, paint: Paint): string {
  const { findings, suppressed, accepted, coverage, problems, exceeded, since } = report;
  const by = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const counts = [counted(by('error'), 'error'), counted(by('warning'), 'warning')];
  if (by('info') > 0) counts.push(`${by('info')} to know`);
  if (suppressed.length > 0) counts.push(`${suppressed.length} suppressed`);
  if (accepted.length > 0) counts.push(`${accepted.length} accepted by the baseline`);
  if (since) counts.push(`${since.known} known since ${since.commit.slice(0, 10)}`);
  const clean = findings.length === 0 && problems.length === 0 && accepted.length === 0 && !since?.known;
  const verdict = clean ? paint.green('No findings.') : `${counts.join(', ')}.`;
  const failures = [...problems, ...(exceeded ? [exceeded] : [])].map((failure) => paint.red(failure));
  return [...failures, verdict, coverageLine(coverage)].join('\n');
}

/** What the run covered, in one sentence or two: a green run that saw nothing must not look like one that saw all. */
function coverageLine(coverage: Coverage): string {
  const { files, ignored, unread, imports, rules, gaps, modules, deployables, declared } = coverage;
  const applicable = rules.filter(({ subjects }) => subjects > 0);
  const idle = rules.filter(({ subjects }) => subjects === 0).map(({ rule }) => rule.id);
  const parts = [
    `Checked ${files.parsed} of ${counted(files.read, 'source file')} (${files.seen} seen)`,
    `${imports.resolved} of ${counted(imports.seen, 'import')} resolved`,
    `${counted(modules, 'module')} and ${counted(deployables, 'deployable')} ${declared ? 'declared' : 'inferred, because there is no architecture.yaml'}`,
    `${counted(applicable.length, 'rule')} applied`,
  ];
  const other = gaps.filter(({ blocks, why }) => !blocks && why !== 'computed').length;
  const computed = gaps.filter(({ why }) => why === 'computed').length;
  if (computed > 0) parts.push(`${counted(computed, 'import')} computed when the program runs`);
  if (other > 0) parts.push(`${counted(other, 'gap')} outside production code or accepted`);
  const blind = unread.map(({ language, files }) => `${language} (${counted(files, 'file')})`);
  if (ignored > 0) parts.push(`${counted(ignored, 'file')} left out by lint.ignore`);
  if (blind.length > 0) parts.push(`not read: ${blind.join(', ')}`);
  return `${parts.join(', ')}.${idle.length > 0 ? ` Not applicable: ${idle.join(', ')}.` : ''}`;
}
