import { counted } from '../../model/counted.ts';
import type { Gap } from '../../model/facts.ts';
import { visible } from '../../model/visible.ts';
import type { Because, Inferred, InferredDeployable, InferredModule } from './infer.ts';

/** `architecture.yaml` of what was inferred, with why beside everything. `until` is the day on which gaps are due. */
export function architectureText(
  inferred: Inferred,
  gaps: readonly Pick<Gap, 'path' | 'detail'>[],
  until: string,
): string {
  const { name, deployables, modules, others, framework, data, rings } = inferred;
  return [
    '# yaml-language-server: $schema=./node_modules/scalable-backend/schema/architecture.schema.json',
    '# Inferred from this repository: correct what is wrong, then remove the reasons.',
    'version: 1',
    `name: ${scalar(name)}`,
    '',
    ...(modules.length > 0
      ? [
          '# Parts with public files and private insides. `uses`: what each may depend on.',
          'modules:',
          ...modules.flatMap(moduleLines),
        ]
      : ['# No modules were found: name folders as modules to protect their insides.']),
    ...(rings.length > 0
      ? ['', '  # Not allowed, because each closes a ring; accepted by the baseline until it is turned around:']
      : []),
    ...rings.map(({ from, to, imports }) => `  #   ${from} → ${to} (${counted(imports, 'import')})`),
    ...(deployables.length > 0
      ? ['', '# What runs, and the modules that it hosts.', 'deployables:', ...deployables.flatMap(deployableLines)]
      : []),
    ...(data.length > 0
      ? ['', '# Data and events that were seen, and who uses them:', ...data.map((line) => `#   ${visible(line)}`)]
      : []),
    '',
    'lint:',
    '  extends: recommended',
    ...(framework === undefined ? [] : [`  # ${framework}.`, '  rules: { framework-in-module: off }']),
    ...(others.length > 0
      ? [
          '  # Other systems, which describe themselves.',
          `  ignore: [${others.map((folder) => scalar(`${folder}/**`)).join(', ')}]`,
        ]
      : []),
    ...(gaps.length > 0 ? ['  # Could not be read; each comes back on its day.', '  unchecked:'] : []),
    ...gaps.map(
      ({ path, detail }) =>
        `    - { path: ${scalar(path)}, reason: ${scalar(`found by init: ${detail}`)}, until: ${until} }`,
    ),
    '',
  ].join('\n');
}

const reason = ({ confidence, why }: Because): string => `  # ${confidence}: ${visible(why.replace(/\s+/g, ' '))}`;

function moduleLines(module: InferredModule): string[] {
  const { name, path, uses } = module;
  const fields = [
    `path: ${scalar(path)}`,
    ...(uses.length > 0 ? [`uses: [${uses.map(scalar).join(', ')}]`] : []),
    ...(module.public ? [`public: [${module.public.map(scalar).join(', ')}]`] : []),
  ];
  return [reason(module), `  ${scalar(name)}: { ${fields.join(', ')} }`];
}

function deployableLines(deployable: InferredDeployable): string[] {
  const { name, kind, path, hosts } = deployable;
  return [
    reason(deployable),
    `  ${scalar(name)}: { kind: ${kind}, path: ${scalar(path || '.')}, hosts: [${hosts.map(scalar).join(', ')}] }`,
  ];
}

/** Plain where YAML reads it back as the same text, also inside braces. */
const scalar = (text: string): string =>
  /^[a-zA-Z@][\w/.-]*$|^\.$/.test(text) && !/^(?:true|false|null|yes|no|on|off)$/i.test(text) && !text.startsWith('@')
    ? text
    : JSON.stringify(text);
