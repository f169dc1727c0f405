import { seeds } from '../defect.ts';

/** Reading a repository: which files, which facts, what they are linked to. */
export const defects = seeds({
  'src/extract/workspace/disk.ts': [
    {
      id: 'disk-swallows-refusal',
      what: 'A folder that cannot be listed counts as an empty one.',
      from: "gaps.push({ path: folder || '.', why: 'unreadable', detail: (error as NodeJS.ErrnoException).code ?? 'refused' });",
      to: 'if (!(error instanceof Error)) throw error;',
    },
    {
      id: 'disk-skips-links',
      what: 'A file behind a symbolic link is not seen.',
      from: ' || (entry.isSymbolicLink() && isInnerFile(top, path))',
      to: '',
    },
    {
      id: 'disk-follows-links-out',
      what: 'A link that leads out of the root, into a folder that begins alike, is read.',
      from: 'target?.startsWith(top + sep)',
      to: 'target?.startsWith(top)',
    },
  ],
  'src/extract/workspace/skip.ts': [
    {
      id: 'skip-lib',
      what: 'Folders called lib are taken for output.',
      from: "  'coverage',\n",
      to: "  'coverage',\n  'lib',\n",
    },
    {
      id: 'skip-baseline-folder',
      what: 'The folder of the baseline is skipped like any other dot folder.',
      from: "'.scalable-backend', ",
      to: '',
    },
    {
      id: 'skip-prefix',
      what: 'Folders whose names begin like a skipped one are skipped.',
      from: 'skipped.has(name) && ',
      to: '[...skipped].some((each) => name.startsWith(each)) && ',
    },
  ],
  'src/extract/workspace/ids.ts': [
    {
      id: 'ids-trust-assumed',
      what: 'A file that git was told not to look at keeps the id of the index.',
      from: "tag === 'H' && ",
      to: '',
    },
    {
      id: 'ids-ignore-changes',
      what: 'A file that differs from the index keeps the id of the index.',
      from: ' && !dirty.has(path))',
      to: ')',
    },
    {
      id: 'ids-fsmonitor',
      what: 'A file system monitor that the repository configures is asked, and run.',
      from: "'core.fsmonitor=false', ",
      to: '',
    },
    {
      id: 'ids-run-filters',
      what: 'Filters that the repository configures are run.',
      from: 'options(compares ? withoutFilters(root) : {})',
      to: 'options(compares ? {} : {})',
    },
  ],
  'src/extract/workspace/git.ts': [
    {
      id: 'git-base-is-revision',
      what: 'The base is the revision itself and not where the branch left it.',
      from: "git(root, 'merge-base', 'HEAD', revision)?.trim()",
      to: "git(root, 'rev-parse', '--verify', revision)?.trim()",
    },
    {
      id: 'git-same-by-path',
      what: 'A file of the base is read from the disk although it changed since.',
      from: 'headIds.get(path) === ids.get(path) && head.files.has(path)',
      to: 'head.files.has(path)',
    },
    {
      id: 'git-forgets-renames',
      what: 'Renames since the base are not followed.',
      from: "      '-M',\n",
      to: "      '--no-renames',\n",
    },
  ],
  'src/extract/workspace/overlay.ts': [
    {
      id: 'overlay-keeps-deleted',
      what: 'A file that an editor deleted is still listed.',
      from: 'if (content === undefined) files.delete(path);\n    else files.set',
      to: 'files.set',
    },
  ],
  'src/extract/workspace/text.ts': [
    {
      id: 'text-keeps-bom',
      what: 'A byte order mark moves every position by one.',
      from: "new TextDecoder('utf-8')",
      to: "new TextDecoder('utf-8', { ignoreBOM: true })",
    },
  ],
  'src/extract/read-files.ts': [
    {
      id: 'read-drops-workspace-gaps',
      what: 'Folders that could not be listed are forgotten.',
      from: '[...(workspace.gaps ?? [])]',
      to: '[]',
    },
    {
      id: 'read-swallows-gaps',
      what: 'What could not be read of a file is forgotten.',
      from: '    gaps.push(...own);\n',
      to: '',
    },
    {
      id: 'read-error-is-empty',
      what: 'A file that no parser could read counts as one without findings.',
      from: "return gap(path, 'unsupported', `reading it failed (${error instanceof Error ? error.message : String(error)})`);",
      to: 'return { path, functions: [], facts: [], gaps: [] };',
    },
    {
      id: 'read-binary-is-text',
      what: 'Binary content under the name of a source file is parsed.',
      from: "  if (isBinary(bytes)) return gap(path, 'unsupported', 'binary content under the name of a source file');\n",
      to: '',
    },
    {
      id: 'read-no-size-limit',
      what: 'A file of any size is parsed.',
      from: 'if (size > TOO_BIG) return',
      to: 'if (size > TOO_BIG * 1000) return',
    },
    {
      id: 'read-ignores-notice',
      what: 'A file that says of itself that it was generated counts as written.',
      from: 'isMarkedGenerated(bytes) ? { ...facts, generated: true } : facts',
      to: 'facts',
    },
    {
      id: 'read-outline-only',
      what: 'A file that was outlined is never read whole.',
      from: '(read(path, language, true) ?? readWithCare([[path, language]], true)[0])',
      to: '(read(path, language, false) ?? readWithCare([[path, language]], false)[0])',
    },
  ],
  'src/extract/guarded.ts': [
    {
      id: 'guarded-crash-is-empty',
      what: 'A file that ended its parser counts as one without findings.',
      from: 'gaps: [{ path, why, detail: `${reason}; ${what}` }],',
      to: 'gaps: what === reason ? [{ path, why, detail: what }] : [],',
    },
    {
      id: 'guarded-without-recognisers',
      what: 'A file that is read in a child process is read without recognisers.',
      from: 'recognisers: recognisers.map(({ id }) => id)',
      to: 'recognisers: [] as string[]',
    },
    {
      id: 'guarded-no-limit',
      what: 'A parser that hangs is waited for.',
      from: 'fileMs: 2000',
      to: 'fileMs: 200_000',
    },
    {
      id: 'guarded-no-end',
      what: 'However many files took too long, the next one is tried.',
      from: 'slow >= slowFiles',
      to: 'slow >= slowFiles * 1000',
    },
  ],
  'src/extract/guard.ts': [
    {
      id: 'guard-no-depth',
      what: 'Deeply nested YAML and Dockerfiles reach their parsers in this process.',
      from: 'if (++depth > NESTING) return',
      to: 'if (++depth > 100 * NESTING) return',
    },
  ],
  'src/extract/typescript/guard.ts': [
    {
      id: 'guard-depth-by-parentheses',
      what: 'Only parentheses count for nesting.',
      from: "'([{', ')'",
      to: "'(', ')'",
    },
    {
      id: 'guard-no-chains',
      what: 'Long chains of calls reach the native parser in this process.',
      from: 'if (++calls > CALLS) return',
      to: 'if (++calls > 100 * CALLS) return',
    },
  ],
  'src/extract/typescript/imports.ts': [
    {
      id: 'form-no-export-all',
      what: '`export * from` is no import.',
      from: "    ExportAllDeclaration: (node) => from(node, 'export', node.exportKind === 'type'),\n",
      to: '',
    },
    {
      id: 'form-no-dynamic',
      what: '`import()` is no import.',
      from: 'if (source) add(spanOf(source), { spec: specifierIn(source, scope())',
      to: 'if (!source) add(spanOf(source), { spec: specifierIn(source, scope())',
    },
    {
      id: 'form-no-import-type',
      what: "`import('x').T` is no import.",
      from: "    TSImportType: (node) => literal(node.source ?? node.argument?.literal ?? node.argument, 'type', true),\n",
      to: '',
    },
    {
      id: 'form-no-import-equals',
      what: '`import x = require()` is no import.',
      from: "if (source) literal(source, 'require', node.importKind === 'type');",
      to: "if (source?.value === '') literal(source, 'require', node.importKind === 'type');",
    },
    {
      id: 'form-some-types',
      what: 'An import with one type among its names is about types alone.',
      from: 'specifiers.length > 0 && specifiers.every(',
      to: 'specifiers.some(',
    },
    {
      id: 'form-clause-type-missed',
      what: '`import type` is an import of values.',
      from: "if (node[kind] === 'type') return true;\n  if",
      to: 'if',
    },
    {
      id: 'form-no-reference-types',
      what: '`/// <reference types>` is no import.',
      from: '<reference\\s+(path|types)',
      to: '<reference\\s+(path)',
    },
  ],
  'src/extract/typescript/extract.ts': [
    {
      id: 'extract-broken-is-empty',
      what: 'A file that does not parse has no gap.',
      from: "message === undefined ? [] : [{ path, why: 'parse', detail: message }]",
      to: '[]',
    },
    {
      id: 'extract-lazy-only',
      what: 'Places of types that the fast tree hides are missed.',
      from: "  if (needsPlain(text)) return read('plain');\n",
      to: '',
    },
    {
      id: 'extract-top-only',
      what: 'Without recognisers, imports are looked for at the top of a file only.',
      from: '    if (inside) parsed.walk(imports);\n    else for',
      to: '    for',
    },
    {
      id: 'extract-require-outlined',
      what: 'A `require` in a file that is only outlined is missed.',
      from: 'if (!whole && !requires && !readsEnv',
      to: 'if (!whole && !readsEnv',
    },
    {
      id: 'extract-comments-ignored',
      what: 'Suppressions in comments are not seen.',
      from: 'text.includes(SUPPRESSION) || ',
      to: '',
    },
    {
      id: 'extract-loop-lost',
      what: 'A callback of `map` or `forEach` is in no loop.',
      from: 'if (iterates.has(last)) loops.add(inner.start);',
      to: '',
    },
    {
      id: 'extract-transaction-lost',
      what: 'A callback of a transaction is outside of it.',
      from: 'if (transactions.test(last)) inTransaction.add(inner.start);',
      to: '',
    },
    {
      id: 'extract-subpath-gate',
      what: 'A recogniser does not see what is imported from below its package.',
      from: "for (let end = spec.length; end > 0; end = spec.lastIndexOf('/', end - 1)) found.add(spec.slice(0, end));",
      to: 'found.add(spec);',
    },
    {
      id: 'extract-gate-statements-only',
      what: 'A library that is required, or imported when needed, activates no recogniser.',
      from: "requires || inside ? text : ''",
      to: "requires && inside ? text : ''",
    },
  ],
  'src/extract/typescript/names.ts': [
    {
      id: 'names-no-create-require',
      what: 'A `require` that `createRequire` made is a local function.',
      from: "?.path.at(-1) === 'createRequire'",
      to: "?.path.at(-2) === 'createRequire'",
    },
    {
      id: 'names-let-is-constant',
      what: 'A variable that is assigned twice has its first value for ever.',
      from: ' && !isAssignedTwice(text, id.name)',
      to: '',
    },
  ],
  'src/extract/typescript/language.ts': [
    {
      id: 'language-no-cts',
      what: '`.mts`, `.cts`, `.mjs` and `.cjs` are not read.',
      from: '/\\.[cm]?[jt]sx?$|',
      to: '/\\.[jt]sx?$|',
    },
    {
      id: 'language-no-guard',
      what: 'Nothing is too dangerous to be parsed in this process.',
      from: '  risk: suspicious,\n',
      to: '  risk: (bytes) => (bytes.length > 1e9 ? suspicious(bytes) : undefined),\n',
    },
  ],
  'src/extract/typescript/resolve.ts': [
    {
      id: 'resolve-no-js-for-ts',
      what: '`./a.js` does not mean `a.ts`.',
      from: "'.js': ['.ts', '.tsx', '.d.ts'],",
      to: "'.js': ['.d.ts'],",
    },
    {
      id: 'resolve-no-folder-index',
      what: 'A folder does not mean its index.',
      from: '      if (has(join(path, `index${extension}`))) return join(path, `index${extension}`);\n    return undefined;',
      to: '      if (has(join(path, `index.d${extension}`))) return join(path, `index.d${extension}`);\n    return undefined;',
    },
    {
      id: 'resolve-js-before-ts',
      what: 'Of `a.ts` and `a.js` the output is taken.',
      from: "const extensions = ['.ts', '.tsx', '.mts', '.cts', '.d.ts', '.js',",
      to: "const extensions = ['.js', '.ts', '.tsx', '.mts', '.cts', '.d.ts',",
    },
    {
      id: 'resolve-workspace-gap-external',
      what: 'A workspace import that leads nowhere is taken for a package of somebody else.',
      from: "return found ? { to: found, by: 'workspace' } : { unresolved: true, internal: true };",
      to: "return found ? { to: found, by: 'workspace' } : { external: name };",
    },
    {
      id: 'resolve-relative-gap-external',
      what: 'A relative import that leads nowhere is no gap.',
      from: '      ? { external: spec }\n      : { unresolved: true, internal: true };',
      to: '      ? { external: spec }\n      : { unresolved: true, internal: false };',
    },
    {
      id: 'resolve-any-dot-is-asset',
      what: 'An import of `./user.service` that leads nowhere passes for one of an asset.',
      from: ' && !/\\.(?:service|module|controller|config|entity|dto|gen|generated)$/.test(spec)',
      to: '',
    },
    {
      id: 'resolve-hash-external',
      what: '`#internal` names that lead nowhere are no gap.',
      from: "        if (found) return { to: found, by: 'imports' };\n      }\n      return { unresolved: true, internal: true };",
      to: "        if (found) return { to: found, by: 'imports' };\n      }\n      return { external: spec };",
    },
    {
      id: 'resolve-cache-by-spec',
      what: 'What a specifier means in one folder, it means in every folder.',
      from: 'const folder = folderOf(from);\n    [last',
      to: "const folder = folderOf('');\n    [last",
    },
    {
      id: 'resolve-no-output-source',
      what: 'An output that is not built does not lead to its source.',
      from: "const found = locate(join(home, 'src', rest)) ?? locate(join(home, rest));",
      to: 'const found = locate(rest);',
    },
  ],
  'src/extract/typescript/manifests.ts': [
    {
      id: 'manifests-no-extends',
      what: 'What a `tsconfig.json` extends is ignored.',
      from: 'return parent ? (read(parent, depth + 1) ?? []) : [];',
      to: 'return parent && depth < 0 ? (read(parent, depth + 1) ?? []) : [];',
    },
    {
      id: 'manifests-root-config-only',
      what: 'Not the nearest `tsconfig.json` counts, but that of the root.',
      from: 'const config = own ? at(read(own, 0), folder) : folder === ',
      to: "const config = own && folder === '' ? at(read(own, 0), folder) : folder === ",
    },
    {
      id: 'manifests-no-comments',
      what: 'A `tsconfig.json` with comments is not understood.',
      from: 'return record(JSON.parse(withoutComments(source)));',
      to: 'return record(JSON.parse(source.trim()));',
    },
  ],
  'src/extract/typescript/configuration-gaps.ts': [
    {
      id: 'configuration-broken-is-fine',
      what: 'A manifest that is no JSON is no gap.',
      from: ": { path, why: 'parse', detail: 'not understood as JSON' },\n      );",
      to: ": { path, why: 'parse', detail: 'not understood as JSON' },\n      );\n      gaps.pop();",
    },
    {
      id: 'configuration-missing-parent-is-fine',
      what: 'A compiler configuration whose parent is missing is no gap.',
      from: 'else if (/^[./]/.test(spec) &&',
      to: 'else if (/^\\0/.test(spec) &&',
    },
  ],
  'src/extract/typescript/origin.ts': [
    {
      id: 'origin-no-stars',
      what: 'Names are not followed through `export *`.',
      from: "if (name === '*') stars.push(sym.from ?? '');",
      to: "if (name === '*') return;",
    },
    {
      id: 'origin-no-aliases',
      what: 'A constant that only renames an import is a value of its own.',
      from: 'else if (fact.alias && fact.name.path[0])',
      to: 'else if (fact.alias && !fact.name.path[0])',
    },
  ],
  'src/extract/discover/roles.ts': [
    {
      id: 'roles-test-by-substring',
      what: 'Every path with `test` in it is a test.',
      from: "    'test',\n    /[._-](?:test|tests|spec|",
      to: "    'test',\n    /test|[._-](?:test|tests|spec|",
    },
    {
      id: 'roles-helpers-always',
      what: 'Everything that is called like a helper of tests is one, whoever imports it.',
      from: ' || !from.every(isTest)',
      to: '',
    },
    {
      id: 'roles-generated-is-aside',
      what: 'Generated code is as little asked about as tests.',
      from: "new Set(['test', 'fixture', 'vendored', 'example', 'docs']);\n\n/** Roles that",
      to: "new Set(['test', 'fixture', 'vendored', 'example', 'docs', 'generated']);\n\n/** Roles that",
    },
  ],
  'src/extract/discover/architecture.ts': [
    {
      id: 'patterns-of-overrides-unchecked',
      what: 'An override whose pattern matches nothing is accepted.',
      from: "    each(globs, (pattern, j) => check(pattern, ['lint', 'overrides', i, 'paths', j]));\n",
      to: '    if (globs.length === 0) check(String(i), []);\n',
    },
    {
      id: 'patterns-of-ignore-unchecked',
      what: 'A pattern of `lint.ignore` that matches nothing is accepted.',
      from: "each(lint.ignore, (pattern, i) => check(pattern, ['lint', 'ignore', i]));",
      to: '',
    },
  ],
  'src/extract/discover/pattern.ts': [
    {
      id: 'pattern-star-crosses',
      what: 'A star matches over the ends of folders.',
      from: "token === '*' ? '[^/]*'",
      to: "token === '*' ? '.*'",
    },
    {
      id: 'pattern-negation-by-prefix',
      what: '`<!name>` also leaves out names that only begin alike.',
      from: '(?!${value}(?:/|$))[^/]+',
      to: '(?!${value})[^/]+',
    },
  ],
  'src/extract/discover/patterns.ts': [
    {
      id: 'patterns-no-dots',
      what: 'Stars match no names that begin with a dot.',
      from: '{ dot: true }',
      to: '{ dot: false }',
    },
  ],
  'src/extract/discover/owner.ts': [
    {
      id: 'owner-by-outermost',
      what: 'A module inside of another one owns nothing.',
      from: "    for (let at = path; at !== ''; at = folderOf(at)) {\n      const found = byPath.get(at);\n      if (found) return found;\n    }\n    return byPath.get('');",
      to: "    const outermost = [...byPath.keys()].sort().find((at) => at !== '' && `${path}/`.startsWith(`${at}/`));\n    return byPath.get(outermost ?? '');",
    },
    {
      id: 'owner-atoms-by-path',
      what: 'Atoms hold the whole path, so that moving a folder makes old findings new.',
      from: "${path.slice(path.lastIndexOf('/') + 1)}",
      to: '${path}',
    },
  ],
  'src/extract/discover/inventory.ts': [
    {
      id: 'inventory-no-undeclared',
      what: 'What deployment builds beside the declared deployables is not seen.',
      from: 'deployables: [...declared, ...undeclared(declared, files, processes)],',
      to: 'deployables: [...declared, ...undeclared(declared, files, [])],',
    },
  ],
  'src/extract/suppression.ts': [
    {
      id: 'suppression-next-line-exactly',
      what: 'A suppression above an empty line covers nothing.',
      from: "    if (text.slice(next, stop).trim() !== '') break;\n",
      to: '    if (stop > next) break;\n',
    },
    {
      id: 'suppression-until-dropped',
      what: 'The date on which a suppression ends is part of its reason.',
      from: '    ...(until && { until: until[1]! }),\n',
      to: '',
    },
  ],
  'src/extract/link/values.ts': [
    {
      id: 'values-fallback-is-certain',
      what: 'What code falls back to counts as what deployment sets.',
      from: "confidence: least(fallback.confidence, 'likely')",
      to: "confidence: least(fallback.confidence, 'certain')",
    },
  ],
  'src/extract/link/promote.ts': [
    {
      id: 'promote-nothing',
      what: 'Calls on clients that another file makes are not seen.',
      from: 'if (fresh.length > 0) yield',
      to: 'if (fresh.length > file.facts.length) yield',
    },
  ],
  'src/extract/link/importers.ts': [
    {
      id: 'importers-one-step',
      what: 'Files that reach a client through a barrel are not read whole.',
      from: 'if (namesOf(importer).some(handsOn)) open.add(importer);',
      to: '',
    },
  ],
  'src/extract/link/clients.ts': [
    {
      id: 'clients-any-program',
      what: 'The default that one program sets holds for another one.',
      from: 'path === from || sameProgram(path, from)',
      to: 'path === from || path !== from',
    },
  ],
  'src/extract/system/imports.ts': [
    {
      id: 'imports-gap-only-counted',
      what: 'An import that leads nowhere is no gap.',
      from: "if (target.internal && !typeOnly && form !== 'other')",
      to: "if (target.internal && !typeOnly && form === 'other')",
    },
    {
      id: 'imports-first-use-decides',
      what: 'Every import between files counts as one of values.',
      from: '          typeOnly,\n          async',
      to: '          typeOnly: false,\n          async',
    },
  ],
  'src/extract/system/graph.ts': [
    {
      id: 'graph-type-wins',
      what: 'A dependency that is once about types alone is about types alone.',
      from: 'known.typeOnly = (known.typeOnly ?? true) && typeOnly;',
      to: 'known.typeOnly = (known.typeOnly ?? false) || typeOnly;',
    },
    {
      id: 'graph-first-sighting',
      what: 'A relation keeps the place where it was first seen, and no other.',
      from: 'for (const each of via) known.via.push(each);',
      to: 'if (known.via.length === 0) for (const each of via) known.via.push(each);',
    },
  ],
  'src/extract/system/restrict.ts': [
    {
      id: 'restrict-reads-anything',
      what: 'A rule may read what it did not declare.',
      from: 'if (!allowed.has(kind)) throw',
      to: 'if (allowed.size === 0 && kind) throw',
    },
    {
      id: 'restrict-tests-too',
      what: 'Rules are told facts of tests.',
      from: "roles: readonly string[] = ['production'],",
      to: "roles: readonly string[] = ['production', 'test'],",
    },
  ],
  'src/extract/system/surface.ts': [
    {
      id: 'surface-contract-by-prefix',
      what: 'A file whose name begins with `contract` is public.',
      from: '(?:contracts?|api|public(?:-api)?)(?:\\/|\\.[cm]?[jt]s$|\\.d\\.ts$)/',
      to: '(?:contracts?|api|public(?:-api)?)/',
    },
  ],
  'src/extract/system/build.ts': [
    {
      id: 'build-drops-import-gaps',
      what: 'Imports that lead nowhere do not reach the report.',
      from: 'gaps: [...reading.gaps, ...later, ...imports.gaps],',
      to: 'gaps: [...reading.gaps, ...later],',
    },
    {
      id: 'build-declared-by-prefix',
      what: 'A module that consumes an event of `orders-archive` may depend on `orders`.',
      from: 'module?.consumes.some((topic) => topic.startsWith(`${target}.`)) === true',
      to: 'module?.consumes.some((topic) => topic.startsWith(target)) === true',
    },
  ],
  'src/extract/system/boundaries.ts': [
    {
      id: 'boundaries-tests-count',
      what: 'A pattern of `from` that only tests match is accepted.',
      from: "side === 'from' ? [context.production,",
      to: "side === 'from' ? [context.files,",
    },
    {
      id: 'boundaries-allowed-unchecked',
      what: 'An allowed package that nobody imports is accepted.',
      from: "if (side === 'allowOnly' && !context.outside.some(({ spec }) => isPackage(name, spec)))",
      to: "if (side === 'allowOnly' && context.outside.length < 0)",
    },
    {
      id: 'boundaries-one-stack',
      what: 'Layers of different modules are compared with each other.',
      from: '.slice(0, depth - 1)',
      to: '.slice(0, 0)',
    },
  ],
  'src/extract/system/stores.ts': [
    {
      id: 'stores-no-ports',
      what: 'An address without a port and one with the usual port are two databases.',
      from: 'const at = port ?? ports[kind.engine];',
      to: 'const at = port;',
    },
  ],
  'src/extract/system/deployment.ts': [
    {
      id: 'deployment-no-shared-code',
      what: 'A connection in shared code belongs to nobody.',
      from: 'for (const deployable of own ? [own] : (users.get(path) ?? [])) {',
      to: 'for (const deployable of own ? [own] : []) {',
    },
    {
      id: 'deployment-no-settings',
      what: 'An address that deployment sets leads nowhere.',
      from: "if (address.store) accesses(context, from, address.id, address.engine, via, 'likely');",
      to: '',
    },
  ],
  'src/extract/system/settings.ts': [
    {
      id: 'settings-file-wins',
      what: 'An `env_file` wins over what compose says itself.',
      from: 'scopes.reverse().flatMap',
      to: 'scopes.flatMap',
    },
  ],
  'src/extract/compose.ts': [
    {
      id: 'compose-one-name',
      what: 'Only `docker-compose.yml` is read, and not `compose.yaml`.',
      from: '(?:docker-)?compose(?:[.-]',
      to: 'docker-compose(?:[.-]',
    },
  ],
  'src/extract/typescript/fetch.ts': [
    {
      id: 'fetch-unknown-is-absent',
      what: 'Options that are spread have no timeout.',
      from: "signal === 'unknown' ? { k: 'unknown' } : signal.value()",
      to: "signal === 'unknown' ? 'absent' : signal.value()",
    },
  ],
  'src/extract/typescript/axios.ts': [
    {
      id: 'axios-signal-ignored',
      what: 'A call that a signal ends may wait for ever.',
      from: "option(config, 'timeout', 'signal', 'cancelToken')",
      to: "option(config, 'timeout', 'cancelToken')",
    },
  ],
  'src/extract/typescript/redis.ts': [
    {
      id: 'redis-only-ioredis',
      what: 'Connections of node-redis are not seen.',
      from: "exported(callee).join('.') !== 'createClient'",
      to: "exported(callee).join('.') !== 'createConnection'",
    },
  ],
});
