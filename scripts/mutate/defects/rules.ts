import { seeds } from '../defect.ts';

/** What each rule finds. */
export const defects = seeds({
  'src/model/judged.ts': [
    {
      id: 'module-boundary-generated',
      what: 'Generated code may import whatever it likes.',
      from: "roles.includes('generated') || ",
      to: '',
    },
  ],
  'rules/module-boundary/rule.ts': [
    {
      id: 'module-boundary-types',
      what: 'Imports of types never cross a boundary.',
      from: 'if (edge.typeOnly && !typeOnly) continue;',
      to: 'if (edge.typeOnly || !typeOnly) continue;',
    },
    {
      id: 'module-boundary-deployables',
      what: 'A deployable may import the insides of a module.',
      from: "system.owner(from, 'module') ?? system.owner(from, 'deployable')",
      to: "system.owner(from, 'module') ?? system.owner(to, 'module')",
    },
    {
      id: 'module-boundary-ownerless',
      what: 'Files that no module and no deployable owns may import whatever they like.',
      from: 'if (!target || owner?.id === target.id) continue;',
      to: 'if (!target || !owner || owner.id === target.id) continue;',
    },
    {
      id: 'module-boundary-one-place',
      what: 'Of several imports of one file only the first is shown.',
      from: 'at: [edge.via[0]!, ...edge.via.slice(1)],',
      to: 'at: [edge.via[0]!],',
    },
  ],
  'rules/cyclic-dependency/rule.ts': [
    {
      id: 'cycles-of-types',
      what: 'Imports of types alone make a ring.',
      from: '(edge.typeOnly && !typeOnly) || ',
      to: '',
    },
    {
      id: 'cycles-of-tests',
      what: 'Imports of tests make a ring.',
      from: " || !roles.includes('production')) continue;",
      to: ') continue;',
    },
    {
      id: 'cycles-no-calls',
      what: 'Calls between deployables make no ring.',
      from: "if (edge.confidence !== 'possible' && !edge.to.startsWith('external:'))",
      to: "if (edge.confidence === 'possible' && !edge.to.startsWith('external:'))",
    },
    {
      id: 'cycles-no-requires',
      what: 'Contracts that modules require make no ring.',
      from: "if (edge.from.startsWith('module:') && edge.to.startsWith('module:')) add(edge.from, edge.to, edge.via, false);",
      to: '',
    },
    {
      id: 'cycles-dearest-edge',
      what: 'The edge to cut is the most expensive one.',
      from: 'a.via.length - b.via.length ||',
      to: 'b.via.length - a.via.length ||',
    },
    {
      id: 'cycles-events-certain',
      what: 'A ring that only events close is certain.',
      from: "steps.some(({ async }) => async) ? 'possible' : 'certain'",
      to: "steps.every(({ async }) => async) ? 'possible' : 'certain'",
    },
    {
      id: 'cycles-unsorted-atoms',
      what: 'The identity of a ring depends on the order of files.',
      from: '.name}`).sort(),',
      to: '.name}`),',
    },
  ],
  'rules/forbidden-dependency/rule.ts': [
    {
      id: 'forbidden-no-packages',
      what: 'Boundaries are not about packages.',
      from: "yield { from: path, to: { package: spec }, does: 'imports', at: [{ path, span }], confidence: 'certain' };",
      to: '',
    },
    {
      id: 'forbidden-no-calls',
      what: 'Boundaries are not about calls.',
      from: "if (!first || !to.startsWith('deployable:')) continue;",
      to: "if (!first || !to.startsWith('module:')) continue;",
    },
    {
      id: 'forbidden-first-boundary',
      what: 'Of several boundaries the first that is crossed is reported.',
      from: '          at,\n          confidence,\n        };\n      }',
      to: '          at,\n          confidence,\n        };\n        break;\n      }',
    },
    {
      id: 'forbidden-types-of-packages',
      what: '`typeOnly: false` does not hold for packages.',
      from: '  for (const { path, spec, span, typeOnly: ofTypes } of system.outside()) {\n    if (ofTypes && !typeOnly) continue;\n',
      to: '  for (const { path, spec, span } of system.outside()) {\n',
    },
  ],
  'rules/forbidden-reach/rule.ts': [
    {
      id: 'reach-one-step',
      what: 'Reach ends after two files.',
      from: 'for (const to of ways.keys()) for',
      to: 'for (const to of [...ways.keys()]) for',
    },
    {
      id: 'reach-types',
      what: 'Imports of types alone lead on.',
      from: '    if (typeOnly) continue;\n    const [from, to] = [source',
      to: '    if (typeOnly && source === target) continue;\n    const [from, to] = [source',
    },
    {
      id: 'reach-own-files',
      what: 'Every file of what a boundary is about is reported, and not the one that leaves it.',
      from: ' || (!way[0]!.last && own.has(way[0]!.to))) continue;',
      to: ' || (!way[0]!.last && own.size < 0)) continue;',
    },
    {
      id: 'reach-no-packages',
      what: 'Packages are in nobody’s reach.',
      from: 'if (!typeOnly && crosses(boundary, captures, { package: spec }))',
      to: "if (!typeOnly && spec === '' && crosses(boundary, captures, { package: spec }))",
    },
  ],
  'rules/framework-in-module/rule.ts': [
    {
      id: 'framework-no-carriers',
      what: 'A framework behind a file of no module is not seen.',
      from: 'if (!owner) carriers.set(path, fact.spec);',
      to: 'if (!owner) carriers.delete(path);',
    },
    {
      id: 'framework-in-deployables',
      what: 'A module that is itself what runs may not know its framework.',
      from: 'else if (!names.has(owner.name)) {',
      to: "else if (owner.name !== '') {",
    },
  ],
  'rules/hard-coded-endpoint/rule.ts': [
    {
      id: 'endpoint-public-is-certain',
      what: 'The address of somebody else’s service is as certain as one of ours.',
      from: "if (called) return isPublic ? 'possible' : 'certain';",
      to: "if (called) return 'certain';",
    },
    {
      id: 'endpoint-default-is-fine',
      what: 'What applies when deployment says nothing is never told.',
      from: "return here ? undefined : 'possible';",
      to: 'return undefined;',
    },
    {
      id: 'endpoint-with-credentials',
      what: 'Passwords of addresses are in atoms and messages.',
      from: "    .replace(/^[^@/]*@/, '')\n",
      to: '',
    },
    {
      id: 'endpoint-any-name',
      what: 'Any property with an address in it is a finding.',
      from: "(name[1] === 'constant' ? constant : property).test(name[2]!) ? 'likely' : undefined",
      to: "(name[1] === 'constant' ? constant : /./).test(name[2]!) ? 'likely' : undefined",
    },
  ],
  'rules/layer-order/rule.ts': [
    {
      id: 'layers-other-way',
      what: 'A layer may use those above it, and not those below.',
      from: 'rank > layer.rank',
      to: 'rank < layer.rank',
    },
    {
      id: 'layers-any-stack',
      what: 'Layers of different stacks are compared.',
      from: 'stack === layer.stack && rank',
      to: 'rank',
    },
  ],
  'rules/missing-timeout/rule.ts': [
    {
      id: 'timeout-zero-is-fine',
      what: 'A timeout of 0 limits.',
      from: "confidence === 'certain' && Number(value) === 0 && value !== '' ? 'its timeout is 0' : undefined",
      to: "confidence === 'certain' && Number(value) < 0 && value !== '' ? 'its timeout is 0' : undefined",
    },
    {
      id: 'timeout-unknown-client',
      what: 'A client that is not found has no timeout.',
      from: 'const reason = timeout === undefined ? undefined : endless(timeout, path, system);',
      to: "const reason = endless(timeout ?? 'absent', path, system);",
    },
    {
      id: 'timeout-null-limits',
      what: 'A timeout of `null` limits.',
      from: "timeout === 'absent' || (timeout.k === 'lit' && timeout.v === null)",
      to: "timeout === 'absent'",
    },
    {
      id: 'timeout-guess-is-certain',
      what: 'What is guessed of a client is certain.',
      from: "inherited?.confidence ?? 'certain'",
      to: "'certain'",
    },
    {
      id: 'timeout-atoms-without-function',
      what: 'Calls in two functions of a file are one finding to the baseline.',
      from: '#${system.symbol(path, fact.fn)}#${fact.api}`',
      to: '#${fact.api}`',
    },
  ],
  'rules/no-health-check/rule.ts': [
    {
      id: 'health-of-anybody',
      what: 'The health check of one process counts for all.',
      from: 'if (fact.of !== undefined) return processes.includes(fact.of);',
      to: 'if (fact.of !== undefined) return processes.length > 0;',
    },
    {
      id: 'health-of-functions',
      what: 'Functions need a health check.',
      from: "deployable.roles.includes('functions') || ",
      to: '',
    },
    {
      id: 'health-not-hosted',
      what: 'The health check of a module that a deployable hosts does not count.',
      from: '(module !== undefined && modules.has(module.id))',
      to: '(module !== undefined && module.id === deployable.id)',
    },
  ],
  'rules/shared-persistence/rule.ts': [
    {
      id: 'shared-jobs-count',
      what: 'A job that migrates a database shares it.',
      from: '.filter(({ from }) => !isJob(system.node(from)))',
      to: ".filter(({ from }) => from !== '' as never)",
    },
    {
      id: 'shared-worker-counts',
      what: 'A server and its worker share their own database.',
      from: 'hosted(from).intersection(own).size > 0',
      to: 'hosted(from).intersection(own).size > 99',
    },
    {
      id: 'shared-guess-is-certain',
      what: 'A database that is only likely the same is certainly the same.',
      from: 'confidence: least(sharers.map(({ edge }) => edge.confidence)),',
      to: "confidence: 'certain',",
    },
    {
      id: 'shared-schemas-count',
      what: 'Modules with a schema each share their server.',
      from: ' || groups.every(([{ from }]) => ownsSchemas(system, from, hosts))',
      to: '',
    },
  ],
  'rules/undeclared-dependency/rule.ts': [
    {
      id: 'undeclared-no-events',
      what: 'Events may be consumed without declaring it.',
      from: "if (edge.from.startsWith('module:')) add(edge.from, edge.to, edge.via, 'consumes');",
      to: '',
    },
    {
      id: 'undeclared-no-hosts',
      what: 'Modules may be hosted without declaring it.',
      from: "for (const edge of system.relations('hosts')) add(edge.from, edge.to, edge.via, 'hosts');",
      to: '',
    },
    {
      id: 'undeclared-no-requires',
      what: 'Contracts may be required without declaring it.',
      from: "if (edge.from.startsWith('module:') && edge.to.startsWith('module:'))\n        add(edge.from, edge.to, edge.via, 'depends on');",
      to: '',
    },
    {
      id: 'undeclared-first-place',
      what: 'Of several imports of a module only the first is shown.',
      from: 'if (known) known.at.push(...via);\n      else',
      to: 'if (!known)',
    },
  ],
});
