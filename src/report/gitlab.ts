import type { Report } from '../lint/finding.ts';
import { visibleJson } from '../model/visible.ts';
import { fingerprints } from './fingerprint.ts';
import { positionOf } from './position.ts';
import type { Reporter } from './reporter.ts';

/** GitLab's code quality report: a list of issues. What could not be checked is one, too. */
export const gitlab: Reporter = {
  id: 'gitlab',
  title: 'code quality report of GitLab',
  render: (report) => visibleJson(issues(report)),
};

const severities = { error: 'major', warning: 'minor', info: 'info' } as const;

function issues(report: Report) {
  const identity = fingerprints(report.findings);
  const findings = report.findings.map((finding) => {
    const [{ path, span }] = finding.at;
    return {
      description: finding.message,
      check_name: finding.rule,
      fingerprint: identity.get(finding)!,
      severity: severities[finding.severity],
      location: { path, lines: { begin: positionOf(report.source(path), span[0]).line } },
    };
  });
  const gaps = report.coverage.gaps
    .filter(({ blocks }) => blocks)
    .map(({ path, why, detail, span }) => ({
      description: `could not be checked: ${detail}`,
      check_name: 'coverage',
      fingerprint: `gap-${why}-${path}`,
      severity: 'blocker',
      location: { path, lines: { begin: span ? positionOf(report.source(path), span[0]).line : 1 } },
    }));
  return [...findings, ...gaps];
}
