import { manifest, scripts } from '../../../src/plan/print.ts';
import type { Intent, SystemSpec, Template } from '../../../src/plan/template.ts';

/** Tools of the whole system; what a package needs at run time is stated by the package. */
const tools: Readonly<Record<string, string>> = {
  '@biomejs/biome': '2.6.8',
  '@types/node': '24.19.2',
  'pino-pretty': '13.2.0',
  node: '24.21.0',
  typescript: '7.0.2',
  vitest: '5.1.1',
};
const script = (name: string, run: string, doc: string): Intent => ({ is: 'script', language: 'node', name, run, doc });

/** What every Node system has at its root. */
export const nodeWorkspace: Template = {
  axis: 'workspace',
  id: 'node',
  title: 'npm workspaces',
  why: 'packages with closed insides, one lock file, strict TypeScript',
  languages: ['node'],
  state: ({ per }) => (per === 'system' ? intents : []),
  files: [{ per: 'system', from: 'files', to: '', owner: 'team' }],
  print: (system) => [
    { path: 'package.json', content: rootManifest(system), owner: 'shared', from: ['workspace/node'] },
    { path: system.linter.file, content: { provided: 'linter' }, owner: 'tool', from: ['workspace/node'] },
  ],
};

const intents: readonly Intent[] = [
  ...Object.entries(tools).map(
    ([name, version]): Intent => ({ is: 'dependency', language: 'node', at: '', name, version, dev: true }),
  ),
  script('typecheck', 'tsc', 'Checks the types of everything, tests included.'),
  script('lint', 'biome check .', 'Checks style and common mistakes.'),
  script('format', 'biome check --write .', 'Repairs what the linter can repair.'),
  script('test', 'vitest run', 'Runs every test; `npm test -- --project unit` only the fast ones.'),
  script('arch', 'npx --no-install scalable-backend lint', 'Checks the boundaries of architecture.yaml.'),
];

/** Every script runs on the Node of the `node` package, whichever is installed on the machine. */
function rootManifest(system: SystemSpec): string {
  const { blueprint, linter } = system;
  const folders = new Set([
    'packages/*',
    ...[...blueprint.modules, ...blueprint.deployables].map(({ path }) => path.replace(/[^/]+$/, '*')),
  ]);
  const rest = {
    name: blueprint.name,
    version: '0.0.0',
    private: true,
    type: 'module',
    engines: { node: '>=22.18.0' },
    workspaces: [...folders],
    scripts: scripts(system),
    allowScripts: { node: true },
  };
  return manifest(system, '', rest, { [linter.name]: `file:${linter.file}` });
}
