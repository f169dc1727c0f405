import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { architectureSchema, fragmentSchema } from '../../src/blueprint/schema.ts';
import type { Rule } from '../../src/model/rule.ts';
import type { Template } from '../../src/plan/template.ts';
import { type Generated, notice } from './generated.ts';

/** `docs/reference/`: what the rules, templates, schema and programs say about themselves. */
export async function reference(root: string): Promise<Generated[]> {
  const { rules } = await import('../../rules/catalogue.gen.ts');
  const { templates } = await import('../../templates/catalogue.gen.ts');
  const { program } = await import('../../src/cli/create/flags.ts');
  const linter = await import('../../src/cli/linter.ts');
  return [
    page('rules', 'Rules', rulesPage(root, rules)),
    page('templates', 'Templates', templatesPage(templates)),
    page('architecture', 'architecture.yaml', schemaPage()),
    page('create-scalable-backend', 'create-scalable-backend', commandPage(program('', templates))),
    page('scalable-backend', 'scalable-backend', commandPage(linter.program('', () => {}))),
  ];
}

const page = (name: string, title: string, body: readonly string[]): Generated => ({
  path: `docs/reference/${name}.md`,
  text: `${[`<!-- ${notice} -->`, `# ${title}`, ...body].join('\n\n')}\n`,
});
const fence = (language: string, text: string) => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
const cell = (text: string) =>
  text
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ')
    // Outside code, `<name>` would be an HTML tag.
    .replace(/`[^`]*`|</g, (match) => (match === '<' ? '\\<' : match));
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

function rulesPage(root: string, rules: readonly Rule[]): string[] {
  const index = rules.map(({ id, title, severity, presets }) => [
    `[\`${id}\`](#${id})`,
    title,
    severity,
    presets.join(', '),
  ]);
  return [
    'Each rule with the smallest project that breaks it, and what is then reported.',
    table(['Rule', 'What it finds', 'Severity', 'Presets'], index),
    ...rules.flatMap((rule) => [
      `## ${rule.id}`,
      `${rule.title}`,
      `**Why.** ${rule.why}`,
      `**Fix.** ${rule.fix}`,
      `**Source.** ${rule.source}`,
      ...optionsOf(rule),
      ...example(root, rule.id),
    ]),
  ];
}

function optionsOf({ options }: Rule): string[] {
  const { properties = {} } = z.toJSONSchema(options, { io: 'input', unrepresentable: 'any' });
  const rows = Object.entries(properties).map(([name, schema]) => [
    `\`${name}\``,
    typeOf(schema as Schema),
    'default' in (schema as Schema) ? `\`${JSON.stringify((schema as Schema).default)}\`` : '',
    (schema as Schema).description ?? '',
  ]);
  return rows.length > 0 ? [table(['Option', 'Type', 'Default', 'Meaning'], rows)] : [];
}

/** The shortest `bad` case: its files, and the exact findings. */
function example(root: string, id: string): string[] {
  const cases = globSync(`rules/${id}/bad/*/`, { cwd: root })
    .map((folder) => {
      const files = globSync('**/*', { cwd: join(root, folder) })
        .filter((file) => statSync(join(root, folder, file)).isFile())
        .sort()
        .map((file) => ({ file, text: readFileSync(join(root, folder, file), 'utf8') }));
      return { folder, files, size: files.reduce((sum, { text }) => sum + text.length, 0) };
    })
    .sort((a, b) => a.size - b.size || (a.folder < b.folder ? -1 : 1));
  const shortest = cases[0];
  if (!shortest) return [];
  const findings = shortest.files.find(({ file }) => file === 'findings.txt');
  return [
    ...shortest.files
      .filter(({ file }) => file !== 'findings.txt')
      .flatMap(({ file, text }) => [`\`${file}\``, fence(/\.(\w+)$/.exec(file)?.[1] ?? '', text)]),
    ...(findings ? ['is reported as', fence('text', findings.text)] : []),
  ];
}

function templatesPage(templates: readonly Template[]): string[] {
  const axes = Map.groupBy(templates, ({ axis }) => axis);
  return [
    'One choice on each axis. A template states intents; printers turn everybody’s intents into files.',
    ...[...axes]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([axis, choices]) => [
        `## ${axis}`,
        table(
          ['Choice', 'Title', 'Why', 'Languages', 'Provides'],
          choices.map(({ id, title, why, languages, provides = [] }) => [
            `\`${id}\``,
            title,
            why,
            languages === 'any' ? 'any' : languages.join(', '),
            provides.join(', '),
          ]),
        ),
      ]),
  ];
}

interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly prefixItems?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly pattern?: string;
}

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.prefixItems) return `list of ${schema.prefixItems.map(typeOf).join(', then ')}`;
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`;
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object' && !schema.properties) {
    return `map to ${typeOf(schema.additionalProperties)}`;
  }
  return schema.type ?? 'anything';
}

/** Every key of the file, with its path. */
function keys(schema: Schema, path: string): string[][] {
  const nested = [schema, schema.items, ...(schema.anyOf ?? [])].filter((one) => one !== undefined);
  return nested.flatMap((one) => [
    ...Object.entries(one.properties ?? {}).flatMap(([name, property]) => {
      const at = path === '' ? name : `${path}.${name}`;
      const required = one.required?.includes(name) ? 'yes' : '';
      return [[`\`${at}\``, typeOf(property), required, property.description ?? ''], ...keys(property, at)];
    }),
    ...(typeof one.additionalProperties === 'object' && !one.properties
      ? keys(one.additionalProperties, `${path}.<name>`)
      : []),
  ]);
}

function schemaPage(): string[] {
  const schema = z.toJSONSchema(architectureSchema, { io: 'input' }) as Schema;
  const own = z.toJSONSchema(fragmentSchema, { io: 'input' }) as Schema;
  return [
    'The blueprint of a system, its boundaries and its lint settings. Editors read `schema/architecture.schema.json`.',
    table(['Key', 'Type', 'Required', 'Meaning'], keys(schema, '')),
    '## Of a module',
    'A module may have an `architecture.yaml` in its folder. It tightens what the root says of its files; loosening takes `lint.delegate` at the root. Editors read `schema/module.schema.json`.',
    table(['Key', 'Type', 'Required', 'Meaning'], keys(own, '')),
  ];
}

/** A program and its commands, from Commander's own description of them. */
function commandPage(command: Command, depth = 2): string[] {
  const help = command.createHelp();
  const options = help.visibleOptions(command).map((option) => [`\`${option.flags}\``, option.description]);
  const args = help.visibleArguments(command).map((one) => [`\`${one.name()}\``, one.description]);
  return [
    ...(command.description() ? [`${capital(command.description())}`] : []),
    fence('sh', `${help.commandUsage(command)}`),
    ...(args.length > 0 ? [table(['Argument', 'Meaning'], args)] : []),
    ...(options.length > 0 ? [table(['Flag', 'Meaning'], options)] : []),
    ...help
      .visibleCommands(command)
      .filter((one) => one.name() !== 'help')
      .flatMap((one) => [`${'#'.repeat(depth)} ${one.name()}`, ...commandPage(one, depth + 1)]),
  ];
}
const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
