import type { Finding, Report } from '../lint/finding.ts';
import { visibleLines } from '../model/visible.ts';
import { positionOf } from './position.ts';
import type { Reporter } from './reporter.ts';
import { ruleOf } from './rule.ts';

/** JUnit XML: a suite for each rule. A rule without a subject is skipped; what could not be checked is an error. */
export const junit: Reporter = {
  id: 'junit',
  title: 'JUnit XML, for pipelines that show test results',
  render: (report) => document(report),
};

interface Case {
  readonly name: string;
  readonly classname: string;
  readonly outcome?: {
    readonly tag: 'failure' | 'error' | 'skipped' | 'system-out';
    readonly message: string;
    readonly text: string;
  };
}

function document(report: Report): string {
  const byRule = Map.groupBy(report.findings, ({ rule }) => rule);
  const ran = report.coverage.rules.map(({ rule, subjects }) => ({ id: rule.id, subjects }));
  const own = [...byRule.keys()].filter((id) => !ran.some((rule) => rule.id === id)).map((id) => ({ id, subjects: 1 }));
  const suites = [...ran, ...own].map(({ id, subjects }) => {
    const found = (byRule.get(id) ?? []).map((finding) => caseOf(report, finding));
    return suite(id, found.length > 0 ? found : [silent(report, id, subjects)]);
  });
  const gaps = report.coverage.gaps.filter(({ blocks }) => blocks);
  const unchecked = gaps.map(({ path, why, detail }): Case => {
    return { name: path, classname: 'coverage', outcome: { tag: 'error', message: why, text: detail } };
  });
  if (unchecked.length > 0) suites.push(suite('coverage', unchecked));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="scalable-backend">',
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function silent(report: Report, id: string, subjects: number): Case {
  const { title } = ruleOf(report, id);
  if (subjects > 0) return { name: title, classname: id };
  return { name: title, classname: id, outcome: { tag: 'skipped', message: 'not applicable', text: '' } };
}

function caseOf(report: Report, { rule, at, message, fails, severity }: Finding): Case {
  const [{ path, span }] = at;
  const { line, column } = positionOf(report.source(path), span[0]);
  const text = `${severity}: ${path}:${line}:${column}\n${ruleOf(report, rule).fix}`;
  return {
    name: `${path}:${line}:${column} ${message}`,
    classname: rule,
    outcome: { tag: fails ? 'failure' : 'system-out', message, text },
  };
}

function suite(name: string, cases: readonly Case[]): string {
  const count = (tag: string) => cases.filter(({ outcome }) => outcome?.tag === tag).length;
  const counts = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
  return [`  <testsuite name="${escaped(name)}" ${counts}>`, ...cases.map(printed), '  </testsuite>'].join('\n');
}

function printed({ name, classname, outcome }: Case): string {
  const open = `    <testcase classname="${escaped(classname)}" name="${escaped(name)}"`;
  if (!outcome) return `${open}/>`;
  const { tag, message, text } = outcome;
  const attribute = tag === 'system-out' ? '' : ` message="${escaped(message)}"`;
  return `${open}>\n      <${tag}${attribute}>${escaped(text)}</${tag}>\n    </testcase>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
};
/** XML has no form at all for most control characters, halves of a surrogate pair and two of the non-characters. */
const escaped = (text: string): string =>
  visibleLines(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"\n]/g, (character) => entities[character]!);
