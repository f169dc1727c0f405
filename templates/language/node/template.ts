import { packageOf } from '../../../src/blueprint/names.ts';
import type { Blueprint, Module } from '../../../src/blueprint/schema.ts';
import { manifest } from '../../../src/plan/print.ts';
import type { Intent, PlannedFile, SystemSpec, Template } from '../../../src/plan/template.ts';
import { development, developmentIntents, inOneProcess } from './development.print.ts';
import { operationsIntents } from './operations.intents.ts';
import { platformIntents } from './platform.intents.ts';
import { exportsOf } from './platform.print.ts';
import { hostsOf } from './wiring.print.ts';

const from = ['language/node'];
/** Packages of the system refer to each other by this version; npm links them because it is theirs. */
export const internalVersion = '0.0.0';
const platform = 'packages/platform';

export const node: Template = {
  axis: 'language',
  id: 'node',
  title: 'Node.js with TypeScript',
  why: 'runs TypeScript unbuilt; one language from contract to test',
  languages: ['node'],
  refuse,
  state: (at, blueprint) => {
    if (at.per === 'system')
      return [
        ...platformIntents(platform),
        ...operationsIntents(blueprint),
        ...testIntents(blueprint),
        ...developmentIntents(blueprint),
      ];
    if (at.per === 'module') return moduleIntents(blueprint, at.module);
    return [];
  },
  files: [
    { per: 'system', from: 'platform', to: platform, owner: 'tool' },
    { per: 'system', from: 'tests', to: 'tests', owner: 'team' },
    { per: 'system', from: 'split', to: 'dev', owner: 'tool', when: { modules: 'in-processes' } },
    { per: 'module', from: 'module', to: 'modules/{module}', owner: 'team' },
    { per: 'module', from: 'module-uses', to: 'modules/{module}', owner: 'team', when: { uses: 'others' } },
    { per: 'module', from: 'module-tests', to: 'tests', owner: 'team' },
  ],
  print: (system) => [
    platformManifest(system),
    ...system.blueprint.modules
      .filter(({ language }) => language === 'node')
      .map((module) => moduleManifest(system, module)),
    ...development(system),
    testWiring(system),
  ],
};

/**
 * Names that make one identifier of two (`item-2` and `item2`), or that the skeleton itself gives to types; and one field
 * is named after the entity of each used module, so these have to differ.
 */
function refuse({ modules }: Blueprint): string | undefined {
  for (const module of modules) {
    const digit = [module.name, module.entity].find((name) => /-\d/.test(name));
    if (digit)
      return `A word of a name starts with a letter in TypeScript: instead of '${digit}' write '${digit.replace(/-(?=\d)/g, '')}'.`;
    if (/^(entity(-.+)?|shown)$/.test(module.entity))
      return `The skeleton of a module uses the name '${module.entity}' itself: name another entity, as in --modules ${module.name}:${module.name}-item.`;
    const entities = module.uses.map((name) => modules.find((used) => used.name === name)?.entity);
    const twice = entities.find((entity, index) => entities.indexOf(entity) !== index);
    if (twice)
      return `${module.name} uses two modules whose entity is '${twice}': name one differently, as in --modules ${module.uses[0]}:other-${twice}.`;
  }
  return undefined;
}

const internal = (at: string, name: string, dev = false): Intent => ({
  is: 'dependency',
  language: 'node',
  at,
  name,
  version: internalVersion,
  ...(dev ? { dev } : {}),
});

function moduleIntents(blueprint: Blueprint, module: Module): Intent[] {
  const owners = module.consumes.map((topic) => topic.slice(0, topic.indexOf('.')));
  const others = new Set([...module.uses, ...owners].filter((name) => name !== module.name));
  return ['platform', ...others].map((name) => internal(module.path, `@${blueprint.name}/${name}`));
}

/** The suites in `tests/` see the system as its clients do: through contracts and over HTTP. */
function testIntents(blueprint: Blueprint): Intent[] {
  const { name, modules } = blueprint;
  const packages = ['platform', ...modules.map((module) => module.name)].map((one) => `@${name}/${one}`);
  return [...packages, ...hostsOf(blueprint).map((one) => packageOf(name, one))].map((one) => internal('', one, true));
}

function platformManifest(system: SystemSpec): PlannedFile {
  const content = manifest(system, platform, {
    name: `@${system.blueprint.name}/platform`,
    version: internalVersion,
    private: true,
    type: 'module',
    exports: exportsOf(system),
  });
  return { path: `${platform}/package.json`, content, owner: 'tool', from };
}

/** Two entries: the contract for everybody, the module for the deployables that host it. Anything else does not resolve. */
function moduleManifest(system: SystemSpec, module: Module): PlannedFile {
  const content = manifest(system, module.path, {
    name: `@${system.blueprint.name}/${module.name}`,
    version: internalVersion,
    private: true,
    type: 'module',
    exports: { './contract': './src/contract.ts', './module': './src/module.ts' },
  });
  return { path: `${module.path}/package.json`, content, owner: 'shared', from };
}

/** Tests run what development runs: every module in one process. */
function testWiring({ blueprint }: SystemSpec): PlannedFile {
  const content = `// Printed from architecture.yaml: the modules that tests run in one process. Do not edit.
export { wiring } from '${inOneProcess(blueprint).wiring}';
`;
  return { path: 'tests/wiring.gen.ts', content, owner: 'tool', from };
}
