import { seeds } from '../defect.ts';

/** The model's algorithms, reports, and the program around them. */
export const defects = seeds({
  'src/model/boundary.ts': [
    {
      id: 'boundary-package-by-prefix',
      what: '`package:pg` also means `pg-boss`.',
      from: 'spec === pattern || spec.startsWith(`${pattern}/`)',
      to: 'spec.startsWith(pattern)',
    },
    {
      id: 'boundary-never-itself',
      what: 'What `allowOnly` is about may not use itself.',
      from: 'return !own || !Object.entries(captures).every(([name, value]) => own[name] === value);',
      to: 'return !own || Object.keys(captures).length >= 0;',
    },
    {
      id: 'boundary-allow-all-kinds',
      what: '`allowOnly` of files forbids all packages.',
      from: '!to.kinds.has(kind) || to.matches(target, captures)',
      to: 'to.matches(target, captures) || kind === undefined',
    },
  ],
  'src/model/components.ts': [
    {
      id: 'components-low-of-any',
      what: 'A component that was finished is joined with the next one.',
      from: 'else if (onStack[target] === 1) low',
      to: 'else low',
    },
    {
      id: 'components-pairs-only',
      what: 'Rings of two are no rings.',
      from: 'if (members.length > 1) components',
      to: 'if (members.length > 2) components',
    },
    {
      id: 'components-path-anywhere',
      what: 'The shortest way of a ring may leave it.',
      from: '!within.has(next) || cameFrom.has(next)',
      to: 'cameFrom.has(next)',
    },
  ],
  'src/model/visible.ts': [
    {
      id: 'visible-no-bidi',
      what: 'Names may turn the direction of writing in a terminal.',
      from: '\\u2028-\\u202e\\u2066-\\u2069]|',
      to: '\\u2028-\\u2029]|',
    },
    {
      id: 'visible-commands',
      what: 'Code that is quoted may give commands to a pipeline.',
      from: "text.replace(/^([ \\t]*)(?=::)/gm, '$1\\\\')",
      to: 'text',
    },
  ],
  'src/report/position.ts': [
    {
      id: 'position-column-from-0',
      what: 'Columns count from 0.',
      from: 'column: offset - start + 1',
      to: 'column: offset - start',
    },
    {
      id: 'position-line-after-break',
      what: 'The start of a line belongs to the line before.',
      from: 'at !== -1 && at < offset;',
      to: 'at !== -1 && at < offset - 1;',
    },
  ],
  'src/report/fingerprint.ts': [
    {
      id: 'fingerprint-message',
      what: 'Another wording of a message makes a finding a new one.',
      from: '[finding.rule, [...finding.atoms].sort()]',
      to: '[finding.rule, finding.message, [...finding.atoms].sort()]',
    },
    {
      id: 'fingerprint-without-rule',
      what: 'Findings of two rules with the same atoms are one.',
      from: '[finding.rule, [...finding.atoms].sort()]',
      to: '[[...finding.atoms].sort()]',
    },
    {
      id: 'fingerprint-not-numbered',
      what: 'Findings with equal atoms are one.',
      from: 'count === 1 ? digest : `${digest}-${count}`',
      to: 'count === 0 ? `${digest}-${count}` : digest',
    },
    {
      id: 'fingerprint-order',
      what: 'Atoms in another order make a finding a new one.',
      from: '[...finding.atoms].sort()',
      to: '[...finding.atoms]',
    },
  ],
  'src/report/sarif.ts': [
    {
      id: 'sarif-suppressed-open',
      what: 'Suppressed findings are open ones in SARIF.',
      from: "result(finding, accepting('inSource', finding.reason))",
      to: 'result(finding)',
    },
    {
      id: 'sarif-always-successful',
      what: 'A run that could not check everything was successful in SARIF.',
      from: 'executionSuccessful: report.problems.length === 0',
      to: 'executionSuccessful: report.problems.length >= 0',
    },
    {
      id: 'sarif-index-shifted',
      what: 'Results of SARIF point to the rule of another one.',
      from: 'resultOf(report, finding, ids.indexOf(finding.rule), identity',
      to: 'resultOf(report, finding, ids.indexOf(finding.rule) + 1, identity',
    },
  ],
  'src/report/junit.ts': [
    {
      id: 'junit-no-gaps',
      what: 'What could not be checked is missing in JUnit.',
      from: "if (unchecked.length > 0) suites.push(suite('coverage', unchecked));",
      to: '',
    },
    {
      id: 'junit-everything-fails',
      what: 'Findings that fail no run are failures in JUnit.',
      from: "tag: fails ? 'failure' : 'system-out'",
      to: "tag: fails || !fails ? 'failure' : 'system-out'",
    },
    {
      id: 'junit-unescaped',
      what: 'A quote in a message ends its attribute in JUnit.',
      from: '.replace(/[&<>"\\n]/g',
      to: '.replace(/[&<>\\n]/g',
    },
    {
      id: 'junit-not-applicable-passes',
      what: 'A rule without a subject passed in JUnit.',
      from: 'if (subjects > 0) return { name: title, classname: id };',
      to: 'if (subjects >= 0) return { name: title, classname: id };',
    },
  ],
  'src/report/github.ts': [
    {
      id: 'github-no-problems',
      what: 'Why nothing could be concluded is missing in annotations.',
      from: 'const run = [...report.problems, ...(report.exceeded',
      to: 'const run = [...(report.exceeded',
    },
    {
      id: 'github-unescaped',
      what: 'A line break in a message ends its annotation.',
      from: ".replaceAll('%', '%25').replaceAll('\\n', '%0A')",
      to: ".replaceAll('%', '%25')",
    },
  ],
  'src/report/gitlab.ts': [
    {
      id: 'gitlab-no-gaps',
      what: 'What could not be checked is missing for GitLab.',
      from: 'return [...findings, ...gaps];',
      to: 'return gaps.length < 0 ? gaps : [...findings];',
    },
  ],
  'src/report/json.ts': [
    {
      id: 'json-exit-code',
      what: 'The exit code in JSON is that of a run without gaps.',
      from: 'exitCode: report.exitCode,',
      to: 'exitCode: report.findings.some(({ fails }) => fails) ? 1 : 0,',
    },
  ],
  'src/report/text.ts': [
    {
      id: 'text-gaps-hidden',
      what: 'What could not be checked is not shown to people.',
      from: 'if (gaps.length > 0) blocks.push(gapBlock(gaps, report, paint));',
      to: '',
    },
    {
      id: 'text-clean-with-accepted',
      what: 'A run with accepted findings says that there are none.',
      from: ' && accepted.length === 0 && !since?.known',
      to: '',
    },
    {
      id: 'text-no-confidence',
      what: 'A guess looks like what is certain.',
      from: "confidence === 'certain' ? '' : ` (${confidence})`",
      to: "confidence === 'certain' ? '' : ''",
    },
    {
      id: 'text-unread-hidden',
      what: 'Code in languages that are not read is not told.',
      from: 'if (blind.length > 0) parts.push',
      to: 'if (blind.length < 0) parts.push',
    },
    {
      id: 'text-idle-hidden',
      what: 'Rules that had nothing to check are not told.',
      from: "idle.length > 0 ? ` Not applicable: ${idle.join(', ')}.` : ''",
      to: "idle.length < 0 ? ` Not applicable: ${idle.join(', ')}.` : ''",
    },
  ],
  'src/cli/linter.ts': [
    {
      id: 'program-wrong-use-is-1',
      what: 'A flag that does not exist looks like findings.',
      from: 'return error.exitCode === 0 ? 0 : 2;',
      to: 'return error.exitCode;',
    },
    {
      id: 'program-any-number',
      what: '`--max-warnings` takes anything for a number.',
      from: 'if (/^\\d+$/.test(text)) return',
      to: "if (text !== '') return",
    },
    {
      id: 'program-last-rule',
      what: 'Of several `--rule` the last one counts.',
      from: '=> [...previous, value];',
      to: '=> [...previous.slice(0, 0), value];',
    },
  ],
  'src/cli/linter/lint.ts': [
    {
      id: 'command-always-0',
      what: 'A run with findings that were written into a file exits with 0.',
      from: 'return report.exitCode;\n}',
      to: 'return options.output.length > 0 ? 0 : report.exitCode;\n}',
    },
    {
      id: 'command-cache-without-rule',
      what: 'The outcome of `--rule` is kept as that of all rules.',
      from: 'question: JSON.stringify(rule ?? null)',
      to: 'question: JSON.stringify(rule?.length === 0)',
    },
    {
      id: 'command-foreign-cached',
      what: 'What dependency-cruiser said is remembered without asking it again.',
      from: 'options.since === undefined && !hasForeignRules(workspace, options)',
      to: 'options.since === undefined',
    },
    {
      id: 'command-fix-assumed',
      what: 'After `--fix`, what was found before is reported.',
      from: 'if (!options.dryRun) report = await run();',
      to: 'if (options.dryRun) report = await run();',
    },
    {
      id: 'command-baseline-of-some',
      what: 'A baseline of some rules takes the place of that of all.',
      from: '(rule ?? owner ?? options.since) !== undefined',
      to: '(owner ?? options.since) !== undefined',
    },
    {
      id: 'command-output-swallowed',
      what: 'A report that cannot be written is forgotten.',
      from: 'throw new KnownError(`The report cannot be written: ${why}.`, {',
      to: 'if (!why) throw new KnownError(`The report cannot be written: ${why}.`, {',
    },
  ],
  'src/cli/linter/baseline.ts': [
    {
      id: 'baseline-of-half',
      what: 'A run that could not check everything takes from the baseline what it did not see.',
      from: 'if (report.problems.length > 0) {',
      to: 'if (report.problems.length > 1000) {',
    },
  ],
  'src/cli/linter/cache.ts': [
    {
      id: 'cache-versions-ignored',
      what: 'Facts of another version of a recogniser are remembered.',
      from: "[build, ...versionsOf(extractors)].join('\\n')",
      to: "[build, versionsOf(extractors).length].join('\\n')",
    },
    {
      id: 'cache-verify-silent',
      what: '`--verify-cache` says nothing about an outcome that was wrong.',
      from: "same ? found.wrong : [...found.wrong, 'outcome']",
      to: 'same ? found.wrong : [...found.wrong]',
    },
    {
      id: 'cache-verify-outcome',
      what: '`--verify-cache` takes the outcome from the cache.',
      from: 'outcome: verify ? undefined : current,',
      to: 'outcome: current,',
    },
  ],
  'src/cli/linter/since.ts': [
    {
      id: 'since-owner-at-base',
      what: 'With `--owner`, the base has its findings alone, and others count as new when they change hands.',
      from: 'const { owner: _, maxWarnings: __, remembering: ___, ...same } = input;',
      to: 'const { maxWarnings: __, remembering: ___, ...same } = input;',
    },
  ],
  'src/cli/linter/outputs.ts': [
    {
      id: 'outputs-two-on-stdout',
      what: 'Two reports are mixed on standard output.',
      from: 'if (printed.length > 1) {',
      to: 'if (printed.length > 2) {',
    },
  ],
  'src/cli/output.ts': [
    {
      id: 'failed-as-1',
      what: 'A run that failed looks like one with findings.',
      from: 'return exitCode;\n}',
      to: 'return Math.min(1, exitCode);\n}',
    },
  ],
  'src/api.ts': [
    {
      id: 'session-forgets-saved',
      what: 'After a file is saved, a session goes on with the unsaved text.',
      from: 'this.#changes.delete(path);',
      to: 'this.#changes.get(path);',
    },
  ],
});
