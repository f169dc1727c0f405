import type { Finding, JudgedGap, Report } from '../lint/finding.ts';
import type { Evidence } from '../model/system.ts';
import { visibleJson } from '../model/visible.ts';
import { fingerprints } from './fingerprint.ts';
import { positionOf } from './position.ts';
import type { Reporter } from './reporter.ts';
import { ruleOf } from './rule.ts';

/** SARIF 2.1.0, as code scanning reads it. Suppressed and accepted findings are in it, marked as such. */
export const sarif: Reporter = {
  id: 'sarif',
  title: 'SARIF 2.1.0, for code scanning',
  fixes: true,
  render: (report, { version }) => visibleJson(log(report, version)),
};

function log(report: Report, version: string) {
  const { findings, suppressed, accepted, coverage } = report;
  const all = [...findings, ...suppressed, ...accepted];
  const ids = [...new Set([...coverage.rules.map(({ rule }) => rule.id), ...all.map(({ rule }) => rule)])].sort();
  const identity = fingerprints(all);
  const result = (finding: Finding, extra: object = {}) => ({
    ...resultOf(report, finding, ids.indexOf(finding.rule), identity.get(finding)!),
    ...extra,
  });
  const accepting = (kind: 'inSource' | 'external', justification: string) => ({
    suppressions: [{ kind, status: 'accepted', justification }],
  });
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'scalable-backend',
            semanticVersion: version,
            rules: ids.map((id) => descriptor(report, id)),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: report.problems.length === 0,
            exitCode: report.exitCode,
            toolExecutionNotifications: [
              ...report.problems.map((text) => ({ level: 'error', message: { text } })),
              ...coverage.gaps.map((gap) => notification(report, gap)),
            ],
          },
        ],
        results: [
          ...findings.map((finding) => result(finding)),
          ...suppressed.map((finding) => result(finding, accepting('inSource', finding.reason))),
          ...accepted.map((finding) => result(finding, accepting('external', 'accepted by the baseline'))),
        ],
      },
    ],
  };
}

function descriptor(report: Report, id: string) {
  const { title, why, fix, source } = ruleOf(report, id);
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why}\n${fix}`, markdown: `${why}\n\n**Fix.** ${fix}\n\n${source}` },
  };
}

const levels = { error: 'error', warning: 'warning', info: 'note' } as const;

function resultOf(report: Report, finding: Finding, ruleIndex: number, fingerprint: string) {
  const [first, ...others] = finding.at;
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: levels[finding.severity],
    message: { text: finding.message },
    locations: [location(report, first)],
    ...(others.length > 0 && { relatedLocations: others.map((evidence) => location(report, evidence)) }),
    ...fixesOf(report, finding),
    partialFingerprints: { 'atoms/v1': fingerprint },
    properties: {
      confidence: finding.confidence,
      subject: finding.subject,
      ...(finding.module !== undefined && { module: finding.module }),
      ...(finding.owners && { owners: finding.owners }),
    },
  };
}

function fixesOf(report: Report, finding: Finding) {
  const [{ path }] = finding.at;
  const edit = report.fixes?.get(finding);
  if (!edit) return {};
  const replacements = [{ deletedRegion: region(report, path, edit.span), insertedContent: { text: edit.text } }];
  const artifactChanges = [{ artifactLocation: artifact(path), replacements }];
  return { fixes: [{ description: { text: ruleOf(report, finding.rule).fix }, artifactChanges }] };
}

function location(report: Report, { path, span, note }: Evidence) {
  return {
    physicalLocation: { artifactLocation: artifact(path), region: region(report, path, span) },
    ...(note !== undefined && { message: { text: note } }),
  };
}
function region(report: Report, path: string, span: Evidence['span']) {
  const text = report.source(path);
  const [start, end] = [positionOf(text, span[0]), positionOf(text, span[1])];
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}
const artifact = (path: string) => ({ uri: uriOf(path), uriBaseId: '%SRCROOT%' });
const uriOf = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

function notification(report: Report, { path, why, detail, span, blocks }: JudgedGap) {
  const at = { path, span: span ?? ([0, 0] as const) };
  return {
    level: blocks ? 'error' : 'note',
    descriptor: { id: `gap/${why}` },
    message: { text: `${path}: ${detail}` },
    locations: [location(report, at)],
  };
}
