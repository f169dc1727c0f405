import { seeds } from '../defect.ts';

/** From violations to findings: settings, acceptance, coverage, the cache, dependency-cruiser. */
export const defects = seeds({
  'src/lint/settle.ts': [
    {
      id: 'settle-fail-on-severity-above',
      what: 'Only findings above `failOn.severity` fail a run.',
      from: 'severities.indexOf(severity) >= severities',
      to: 'severities.indexOf(severity) > severities',
    },
    {
      id: 'settle-ignores-confidence',
      what: '`failOn.confidence` is ignored.',
      from: 'confidences.indexOf(confidence) >= confidences.indexOf(plan.failOn.confidence)',
      to: 'confidences.indexOf(confidence) >= 0',
    },
    {
      id: 'settle-expired-accepts',
      what: 'A suppression goes on accepting after it ended.',
      from: "reason !== '' && holds(until, today)",
      to: "reason !== '' && holds(until, '')",
    },
    {
      id: 'settle-last-day-excluded',
      what: 'A suppression ends a day early.',
      from: 'isDay(until) && until >= today',
      to: 'isDay(until) && until > today',
    },
    {
      id: 'settle-unused-silent',
      what: 'A suppression that accepts nothing is no finding.',
      from: 'if (!used && running.has(rule)) return',
      to: 'if (!used && rule === reason) return',
    },
    {
      id: 'settle-unknown-rule-silent',
      what: 'A suppression of a rule that does not exist is no finding.',
      from: "  if (unknown(rule)) return `There is no rule '${rule}' to suppress.`;\n",
      to: '',
    },
    {
      id: 'settle-whole-file',
      what: 'A comment accepts findings in its whole file.',
      from: 'at === path && span[0] >= start && span[0] <= end',
      to: 'at === path && start <= end && span[0] >= 0',
    },
    {
      id: 'settle-grown-is-accepted',
      what: 'A finding that grew is accepted with what it grew by.',
      from: 'return added.length < found.atoms.length ? { ...found, added } : found;',
      to: 'return added.length < found.atoms.length ? { ...found, added, fails: false } : found;',
    },
    {
      id: 'settle-stale-silent',
      what: 'What a baseline accepts without need is no finding.',
      from: 'accepting.left().filter(({ rule }) => judged.running.has(rule) || judged.unknown(rule))',
      to: 'accepting.left().filter(({ rule }) => judged.unknown(rule))',
    },
    {
      id: 'settle-partial-run-is-stale',
      what: 'With `--rule`, what the baseline accepts for other rules is stale.',
      from: '!only && !known.has(id)',
      to: '!known.has(id)',
    },
    {
      id: 'settle-unordered',
      what: 'Findings of one file come in the order of their rules.',
      from: 'return left[1] - right[1] || (left[2]',
      to: 'return (left[2]',
    },
    {
      id: 'settle-override-ignored',
      what: 'The severity of a rule is the same everywhere.',
      from: 'settings.get(rule)!(violation.at[0].path)',
      to: "settings.get(rule)!('')",
    },
  ],
  'src/lint/gaps.ts': [
    {
      id: 'gaps-any-role-blocks',
      what: 'What could not be read of a test fails the run.',
      from: 'const blocks = !accepted && production &&',
      to: 'const blocks = !accepted &&',
    },
    {
      id: 'gaps-never-block',
      what: 'What could not be read never fails the run.',
      from: 'const blocks = !accepted && production &&',
      to: 'const blocks = !accepted && !production &&',
    },
    {
      id: 'gaps-expired-accepts',
      what: 'An entry of `lint.unchecked` goes on accepting after it ended.',
      from: 'until >= today && matches(gap.path)',
      to: 'matches(gap.path)',
    },
    {
      id: 'gaps-unneeded-silent',
      what: 'An entry of `lint.unchecked` that accepts nothing is no finding.',
      from: 'if (message === undefined) return [];',
      to: 'if (message === undefined || !needed) return [];',
    },
  ],
  'src/lint/baseline.ts': [
    {
      id: 'baseline-any-atom',
      what: 'A finding is accepted when one of its atoms is.',
      from: 'const enough = [...wanted].every(',
      to: 'const enough = [...wanted].some(',
    },
    {
      id: 'baseline-set',
      what: 'An atom that is accepted once accepts any number of findings.',
      from: 'files.get(key(rule, atom))?.pop() !== undefined',
      to: 'files.get(key(rule, atom))?.[0] !== undefined',
    },
    {
      id: 'baseline-grows-in-ci',
      what: 'In CI, `--update-baseline` accepts what is new.',
      from: 'const kept = shrink\n',
      to: 'const kept = shrink && open.length === 0\n',
    },
    {
      id: 'baseline-broken-is-empty',
      what: 'A baseline that is no JSON accepts nothing, in silence.',
      from: "throw wrong(error instanceof Error ? error.message : 'it is not JSON');",
      to: "if (!(error instanceof SyntaxError)) throw wrong('it is not JSON');\n    return {};",
    },
    {
      id: 'baseline-one-file',
      what: 'Only the baseline of the root is read, and not those of modules.',
      from: " || (path.startsWith(folder) && path.endsWith('.json'))",
      to: '',
    },
  ],
  'src/lint/since.ts': [
    {
      id: 'since-no-renames',
      what: 'Moving a file makes its old findings new.',
      from: 'moved.get(part) ?? part',
      to: 'part',
    },
    {
      id: 'since-clean-beats-gaps',
      what: 'With `--since`, a run that could not check everything may be clean.',
      from: 'exitCode: head.problems.length > 0 ? 2 : failing ? 1 : 0,',
      to: 'exitCode: failing ? 1 : 0,',
    },
    {
      id: 'since-set',
      what: 'A second finding with the atoms of an old one is old.',
      from: 'const added = known.part(finding.rule, finding.added ?? finding.atoms);',
      to: 'const added = finding.atoms.filter((atom) => !atoms.some(([rule, all]) => rule === finding.rule && all.includes(atom)));',
    },
  ],
  'src/lint/owners.ts': [
    {
      id: 'owners-first-line',
      what: 'The first line of CODEOWNERS that matches decides, and not the last.',
      from: '  lines.reverse();\n',
      to: '',
    },
    {
      id: 'owners-unknown-is-clean',
      what: '`--owner` with a typing error finds nothing, in silence.',
      from: 'if (names.includes(owner)) return;',
      to: 'if (names.length > 0) return;',
    },
  ],
  'src/lint/settings.ts': [
    {
      id: 'settings-unknown-override-rule',
      what: 'An override of a rule that does not exist is accepted.',
      from: "for (const id of Object.keys(override.rules)) known(id, ids, at(['lint', 'overrides', i, 'rules', id]));",
      to: 'for (const id of Object.keys(override.rules)) known(ids[0] ?? id, ids, at([i]));',
    },
    {
      id: 'settings-broken-options',
      what: 'Options that a rule does not take are ignored.',
      from: 'const [issue] = result.error.issues;',
      to: 'const [issue] = result.error.issues;\n  if (issue) return rule.options.parse({});',
    },
    {
      id: 'settings-module-loosens',
      what: 'A module may loosen what the root says of its files.',
      from: 'if (rank(stated.severity) < rank(severity)) refuse(',
      to: "if (rank(stated.severity) < rank(severity) && severity === 'off') refuse(",
    },
    {
      id: 'settings-preset-ignored',
      what: '`lint.extends` is ignored.',
      from: "lint.extends ?? 'recommended'",
      to: "'recommended'",
    },
  ],
  'src/lint/conclude.ts': [
    {
      id: 'conclude-findings-beat-gaps',
      what: 'A run with findings that could not check everything says that it could.',
      from: 'problems.length > 0 ? 2 : failing ? 1 : 0',
      to: 'failing ? 1 : problems.length > 0 ? 2 : 0',
    },
    {
      id: 'conclude-max-warnings-equal',
      what: '`--max-warnings` fails at the number that it allows.',
      from: 'count > limit ? [',
      to: 'count >= limit ? [',
    },
    {
      id: 'conclude-owner-hides-baseline',
      what: 'With `--owner`, findings of others are reported as well.',
      from: 'owners?.includes(owner)',
      to: '(owners ?? [owner]).length > 0 || owner === undefined',
    },
  ],
  'src/lint/lint.ts': [
    {
      id: 'lint-ignores-nothing',
      what: '`lint.ignore` is ignored.',
      from: '.filter((path) => !ignored(path))',
      to: ".filter((path) => path !== '' || !ignored(path))",
    },
    {
      id: 'lint-no-configuration-gaps',
      what: 'Manifests and compiler configurations that cannot be read are no gaps.',
      from: '...configurationGaps(remembering?.linking ?? workspace, paths)',
      to: '...configurationGaps(remembering?.linking ?? workspace, [])',
    },
    {
      id: 'lint-patterns-unchecked',
      what: 'Patterns that match nothing are accepted.',
      from: '  if (loaded) checkPatterns(loaded, workspace.files.keys());\n',
      to: '',
    },
    {
      id: 'lint-base-options-only',
      what: 'Options of an override are ignored.',
      from: 'if (JSON.stringify(settingOf(violation.at[0].path).options) === key) yield violation;',
      to: "if (JSON.stringify(settingOf(violation.at[0].path).options) === key || key !== '') yield violation;",
    },
    {
      id: 'lint-unknown-gap-is-fine',
      what: 'A gap of something that is no file with a role (a folder, a manifest) does not block.',
      from: "includes('production') ?? true",
      to: "includes('production') ?? false",
    },
    {
      id: 'lint-unread-is-clean',
      what: 'A repository in a language that nobody reads is clean.',
      from: 'if (unread.length === 0 || [...languages]',
      to: 'if (unread.length >= 0 || [...languages]',
    },
    {
      id: 'lint-empty-is-clean',
      what: 'A folder without a source file is clean.',
      from: 'if (code.length === 0 && gaps.length === 0) {',
      to: 'if (code.length < 0 && gaps.length === 0) {',
    },
    {
      id: 'lint-not-applicable-passes',
      what: 'A rule that only tests give something to do counts as applied.',
      from: "filter(({ path }) => model.roles.get(path)?.includes('production')).length",
      to: 'filter(({ path }) => model.roles.has(path)).length',
    },
  ],
  'src/lint/suppressions.ts': [
    {
      id: 'suppressions-of-modules-everywhere',
      what: 'A suppression of one module accepts findings of every module.',
      from: 'covers: { ...(path !== undefined && { paths: [path] }), ...(within && { within }) },',
      to: 'covers: { ...(path !== undefined && { paths: [path] }) },',
    },
    {
      id: 'suppressions-of-configuration',
      what: 'Suppressions of `architecture.yaml` are ignored.',
      from: 'return [...written, ...commented];',
      to: 'return written.length < 0 ? written : commented;',
    },
    {
      id: 'suppressions-for-ever',
      what: 'The date of a suppression in `architecture.yaml` is ignored.',
      from: '      ...(until !== undefined && { until }),\n',
      to: '',
    },
  ],
  'src/lint/unread.ts': [
    {
      id: 'unread-case',
      what: 'Endings in capitals are not counted among code that nobody reads.',
      from: '.toLowerCase()',
      to: '',
    },
  ],
  'src/lint/cache/identify.ts': [
    {
      id: 'identify-size-ignored',
      what: 'A file with the blob of the index and other bytes on disk passes for unchanged.',
      from: 'return `${blob}:${workspace.size?.(path)}`;',
      to: 'return `${blob}:`;',
    },
  ],
  'src/lint/cache/stamps.ts': [
    {
      id: 'stamps-by-time',
      what: 'In a session, an edit that keeps the time of a file is not seen.',
      from: 'const stamp = `${found.size} ${found.mtimeMs} ${found.ctimeMs} ${found.ino}`;',
      to: 'const stamp = `${found.mtimeMs}`;',
    },
    {
      id: 'stamps-too-early',
      what: 'In a session, the second edit within one tick of the clock is not seen.',
      from: "id !== '' && Date.now() - found.ctimeMs > SETTLED_MS",
      to: "id !== '' && found.ctimeMs > 0",
    },
    {
      id: 'stamps-editor-ignored',
      what: 'In a session, what an editor holds is known by what is on the disk.',
      from: 'ofChange.get(path) ?? ids.get(path) ?? onDisk(path)',
      to: 'ids.get(path) ?? onDisk(path)',
    },
  ],
  'src/lint/statements.ts': [
    {
      id: 'settings-first-override',
      what: 'Of several overrides the first one counts.',
      from: 'Object.assign({}, base, ...scoped.flatMap(',
      to: 'Object.assign({}, base, ...scoped.toReversed().flatMap(',
    },
  ],
  'src/lint/cache/edited.ts': [
    {
      id: 'edited-places-ignored',
      what: 'An outcome that names a place holds after an edit that moves it.',
      from: 'spokenOf.has(path) ? asked : withoutPlaces(asked)',
      to: 'withoutPlaces(asked)',
    },
    {
      id: 'edited-order-ignored',
      what: 'What comes first in a file, and what is inside what, may change without being noticed.',
      from: 'const ranked = ([start, end]: Span): Span => [rank.get(start)!, rank.get(end)!];',
      to: 'const ranked = ([start]: Span): Span => (rank.has(start) ? [0, 0] : [1, 1]);',
    },
    {
      id: 'edited-names-ignored',
      what: 'A name that somebody asked for may change without being noticed.',
      from: 'named.includes(path) ? file : { ...file, names: [] }',
      to: '{ ...file, names: [] }',
    },
    {
      id: 'edited-manifests-ignored',
      what: 'A file of which more than facts had a say may change without being noticed.',
      from: ' || beyond.includes(path)',
      to: '',
    },
  ],
  'src/lint/cache/memory.ts': [
    {
      id: 'memory-names-forgotten',
      what: 'Whose names a remembered finding asked for is forgotten.',
      from: 'if (known) for (const path of old.violations.named) named.add(path);',
      to: '',
    },
    {
      id: 'memory-facts-by-path',
      what: 'Facts of a file are remembered whatever its content is.',
      from: "id === now && now !== '' ? known : undefined",
      to: "now !== '' ? known : undefined",
    },
    {
      id: 'memory-whole-is-outline',
      what: 'An outline passes for a file that was read whole.',
      from: 'const key = whole ? `!${path}` : path;',
      to: 'const key = path;',
    },
    {
      id: 'memory-installed-ignored',
      what: 'Links are remembered after packages were installed.',
      from: "[installed, ...workspace.files.keys()].join('\\0')",
      to: "[installed && '', ...workspace.files.keys()].join('\\0')",
    },
    {
      id: 'memory-links-unread',
      what: 'Links are remembered after a manifest or compiler configuration changed.',
      from: 'layer.state === state && Object.entries(layer.reads).every(([path, id]) => identify(path) === id)',
      to: 'layer.state === state && Object.entries(layer.reads).every(([, id]) => id !== undefined)',
    },
    {
      id: 'memory-architecture-ignored',
      what: 'Findings are remembered after `architecture.yaml` changed.',
      from: '      ...[...workspace.files.keys()].filter(isArchitecture),\n',
      to: '',
    },
    {
      id: 'memory-options-ignored',
      what: 'Findings are remembered after options of the rule changed.',
      from: 'const key = `${rule} ${JSON.stringify(options)}`;',
      to: "const key = `${rule} ${typeof options === 'string'}`;",
    },
    {
      id: 'memory-verifies-nothing',
      what: '`--verify-cache` believes the cache.',
      from: 'if (!verify) return known;',
      to: 'if (!verify || known) return known;',
    },
  ],
  'src/lint/cache/outcome.ts': [
    {
      id: 'outcome-question-ignored',
      what: 'What was asked with `--rule` answers a run of all rules.',
      from: '[question, installed, JSON.stringify(gaps), ...files.keys()]',
      to: "[question && '', installed, JSON.stringify(gaps), ...files.keys()]",
    },
    {
      id: 'outcome-gaps-ignored',
      what: 'A folder that became unreadable is taken for what it was.',
      from: '[question, installed, JSON.stringify(gaps), ...files.keys()]',
      to: '[question, installed, gaps.length < 0, ...files.keys()]',
    },
    {
      id: 'outcome-installed-ignored',
      what: 'What is installed has no say in the outcome.',
      from: '[question, installed, JSON.stringify(gaps), ...files.keys()]',
      to: "[question, installed && '', JSON.stringify(gaps), ...files.keys()]",
    },
    {
      id: 'outcome-sizes-ignored',
      what: 'A file that was too big to be read, and no longer is, is taken for what it was.',
      from: ' && kept.sizes === sizesOf(kept.measured, workspace)',
      to: '',
    },
    {
      id: 'outcome-known-files-ignored',
      what: 'Files whose facts were remembered have no say in the outcome.',
      from: 'const all = read.union(new Set(more));',
      to: 'const all = read.union(new Set([...more].slice(0, 0)));',
    },
  ],
  'src/lint/cache/store.ts': [
    {
      id: 'store-no-checksum',
      what: 'A cache that was damaged is believed.',
      from: "bytes.toString('utf8', 0, end) === head(maker, sum)",
      to: "bytes.toString('utf8', 0, end).startsWith(`scalable-backend ${maker}`)",
    },
    {
      id: 'store-any-maker',
      what: 'A cache of another version is believed.',
      from: '`scalable-backend ${maker} ${sum}`',
      to: "`scalable-backend ${maker && ''} ${sum}`",
    },
    {
      id: 'store-in-repository',
      what: 'The cache is written into `node_modules` although that is part of the repository.',
      from: ' && !isTracked)\n',
      to: ' && (!isTracked || isTracked))\n',
    },
  ],
  'src/lint/dependency-cruiser/foreign.ts': [
    {
      id: 'foreign-severity-lost',
      what: 'Every rule of dependency-cruiser is a warning.',
      from: "own(severities, severity) ?? 'warning'",
      to: "own(severities, severity && 'warn') ?? 'warning'",
    },
    {
      id: 'foreign-no-allowed',
      what: '`allowed` rules of dependency-cruiser are dropped.',
      from: "if (config.allowed && config.allowedSeverity !== 'ignore') {",
      to: 'if (config.allowed && config.allowed.length < 0) {',
    },
    {
      id: 'foreign-always-ours',
      what: 'Options that our graph does not cover are ignored.',
      from: "const by: CruiseEngine = because.length > 0 ? 'cruise' : 'compat';",
      to: "const by: CruiseEngine = because.length < 0 ? 'cruise' : 'compat';",
    },
  ],
  'src/lint/dependency-cruiser/configuration.ts': [
    {
      id: 'configuration-extends-ignored',
      what: 'What a configuration of dependency-cruiser extends in the repository is ignored.',
      from: 'if (found !== undefined) return merge(merged, read(workspace, found, merge, [...above, file]));',
      to: 'if (found !== undefined) return merged;',
    },
    {
      id: 'configuration-preset-ignored',
      what: 'Presets of dependency-cruiser are ignored.',
      from: 'if (preset !== undefined) return merge(merged, ownPreset(preset, file));',
      to: 'if (preset !== undefined) return merged;',
    },
  ],
  'src/lint/dependency-cruiser/literals.ts': [
    {
      id: 'literals-unknown-is-undefined',
      what: 'A name that only running the configuration could tell is left out of it.',
      from: 'if (!init || open.has(node.name)) return refuse(node, `the name ${node.name}`);',
      to: 'if (!init || open.has(node.name)) return undefined;',
    },
  ],
  'src/lint/dependency-cruiser/options.ts': [
    {
      id: 'options-unknown-is-native',
      what: 'An option of a later dependency-cruiser is ignored.',
      from: 'return [...known, ...Object.keys(options).filter((name) => !Object.hasOwn(routes, name))];',
      to: 'return known;',
    },
  ],
  'src/lint/dependency-cruiser/compat/imports.ts': [
    {
      id: 'compat-no-fallback',
      what: 'Types that the fast tree hides are missed in the graph for dependency-cruiser.',
      from: "return written === found.calls ? found.imports : attempt(path, text, options, 'plain')?.imports;",
      to: 'return written >= 0 ? found.imports : undefined;',
    },
    {
      id: 'compat-broken-is-empty',
      what: 'A file with broken syntax has no imports in the graph for dependency-cruiser.',
      from: 'parsed.errors.every((error) => harmless.test(error)) ? extract(parsed, options) : undefined',
      to: 'extract(parsed, options)',
    },
  ],
  'src/lint/dependency-cruiser/compat/extract.ts': [
    {
      id: 'compat-dynamic-kept',
      what: '`exclude.dynamic` of dependency-cruiser is ignored.',
      from: "!Object.hasOwn(options.exclude, 'dynamic') || options.exclude.dynamic !== dynamic",
      to: 'options.exclude.dynamic === undefined || dynamic !== undefined',
    },
  ],
  'src/lint/dependency-cruiser/reasons.ts': [
    {
      id: 'reasons-always-one',
      what: 'A difference that nothing explains gets a reason.',
      from: "? 'nearest-tsconfig' : undefined;",
      to: "? 'nearest-tsconfig' : 'extension';",
    },
  ],
});
