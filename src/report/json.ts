import type { Finding, Report } from '../lint/finding.ts';
import type { Path, Span } from '../model/facts.ts';
import { visibleJson } from '../model/visible.ts';
import { positionOf } from './position.ts';
import type { Reporter } from './reporter.ts';

export const json: Reporter = { id: 'json', title: 'for programs', render: jsonReport };

/** For programs. `version` rises when a key changes its meaning or goes; new keys may appear at any time. */
export function jsonReport(report: Report): string {
  const location = (path: Path, span: Span, note?: string) => {
    const text = report.source(path);
    const [start, end] = [positionOf(text, span[0]), positionOf(text, span[1])];
    return {
      path,
      line: start.line,
      column: start.column,
      endLine: end.line,
      endColumn: end.column,
      ...(note && { note }),
    };
  };
  const finding = ({ at, ...rest }: Finding) => ({
    ...rest,
    locations: at.map(({ path, span, note }) => location(path, span, note)),
  });
  const { coverage } = report;
  return visibleJson({
    version: 1,
    exitCode: report.exitCode,
    findings: report.findings.map(finding),
    suppressed: report.suppressed.map(finding),
    accepted: report.accepted.map(finding),
    ...(report.exceeded !== undefined && { exceeded: report.exceeded }),
    problems: report.problems,
    coverage: {
      ...coverage,
      rules: coverage.rules.map(({ rule, subjects, findings }) => ({
        id: rule.id,
        applicable: subjects > 0,
        subjects,
        findings,
      })),
      gaps: coverage.gaps.map(({ span, ...gap }) => ({
        ...gap,
        ...(span && { location: location(gap.path, span) }),
      })),
    },
  });
}
