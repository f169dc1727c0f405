import { posix } from 'node:path';
import type { FactMap, Path, Value } from '../model/facts.ts';
import { own } from '../model/own.ts';
import type { Collector } from './collect.ts';
import { concat } from './concat.ts';
import { unusual } from './guard.ts';
import type { Language } from './language.ts';
import { type Yaml, yamlFacts } from './yaml.ts';

const claimed = /(?:^|\/)(?:[\w-]+\.)?(?:template|sam|cloudformation|stack)\.ya?ml$/i;

/** Folders that builds write to: what is uploaded from one was built from the folder around it. */
const output = /\/(?:dist|build|out|lib|\.aws-sam|\.esbuild)(?:\/.*)?$/;

/** Resources that functions talk to, and the scheme under which a reference to one is an address. */
const backing: Readonly<Record<string, string>> = {
  'AWS::SNS::Topic': 'sns',
  'AWS::SQS::Queue': 'sqs',
};

/** Templates of AWS CloudFormation and SAM: functions with their code and settings, topics and queues. */
export const cloudformation: Language = {
  id: 'cloudformation',
  version: 1,
  claims: (path) => claimed.test(path),
  risk: unusual,
  extract: (source) =>
    yamlFacts(source, (root, out) => {
      const resources = (root.get('Resources')?.entries() ?? []).map(({ key, span, value }) => ({
        id: key,
        type: value.get('Type')?.text ?? '',
        node: { ...value, span: [span[0], value.span[1]] as const },
      }));
      const addresses = new Map(
        resources.flatMap(({ id, type }) =>
          own(backing, type) ? [[id, `${backing[type]}://${nameOf(id)}`] as const] : [],
        ),
      );
      const globals = root.get('Globals')?.get('Function');
      for (const { id, type, node } of resources) {
        if (/^AWS::(?:Serverless|Lambda)::Function$/.test(type))
          functionOf(id, node, globals, addresses, out, posix.dirname(source.path));
        else if (own(backing, type))
          out.emit('process', node.span, {
            name: nameOf(id),
            image: `amazon/${backing[type]}`,
            dependsOn: [],
            ports: [],
          });
      }
    }),
};

/** `CatalogHttp` -> `catalog-http`: hosts and processes have lower-case names. */
const nameOf = (id: string): string => id.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();

function functionOf(
  id: string,
  node: Yaml,
  globals: Yaml | undefined,
  addresses: ReadonlyMap<string, string>,
  out: Collector,
  folder: Path,
): void {
  const properties = node.get('Properties');
  const get = (key: string) => properties?.get(key) ?? globals?.get(key);
  const name = nameOf(id);
  const handler = get('Handler')?.text;
  out.emit('process', node.span, {
    name,
    ...buildOf(get('CodeUri')?.text ?? get('Code')?.text, folder),
    ...(handler === undefined ? {} : { command: [handler] }),
    dependsOn: [],
    ports: [],
  });
  const seen = new Set<string>();
  for (const layer of [properties, globals]) {
    for (const { key, span, value } of layer?.get('Environment')?.get('Variables')?.entries() ?? []) {
      if (seen.has(key)) continue;
      seen.add(key);
      out.emit('env-set', [span[0], value.span[1]], { name: key, value: setTo(value, addresses), scope: name });
    }
  }
}

function buildOf(code: string | undefined, folder: Path): Pick<FactMap['process'], 'build'> {
  if (code === undefined || /^[\w+.-]+:\/\//.test(code)) return {};
  const path = posix.join(folder, code).replace(/\/$/, '').replace(output, '');
  return { build: path };
}

/** What CloudFormation fills in: references to topics and queues are addresses; what only AWS knows is unknown. */
function setTo(node: Yaml, addresses: ReadonlyMap<string, string>): Value {
  const call = callOf(node);
  if (!call) return node.text === undefined ? { k: 'unknown' } : textOf(node.text);
  const [id = '', attribute] = call.argument.split('.');
  const address = addresses.get(id);
  if (call.name === 'Sub') return substituted(call.argument, addresses);
  if (call.name === 'Ref' || call.name === 'GetAtt') {
    if (address) return { k: 'lit', v: address };
    if (attribute === 'FunctionUrl') return { k: 'lit', v: `https://${nameOf(id.replace(/Url$/, ''))}` };
  }
  return { k: 'unknown' };
}

/** `!Ref X`, `Ref: X`, `!Sub …`, `Fn::Sub: …` */
function callOf(node: Yaml): { readonly name: string; readonly argument: string } | undefined {
  if (node.tag?.startsWith('!') && node.text !== undefined) return { name: node.tag.slice(1), argument: node.text };
  const [only, ...more] = node.entries();
  const name = only && more.length === 0 ? /^(?:Fn::)?(Ref|Sub|GetAtt)$/.exec(only.key)?.[1] : undefined;
  if (!only || name === undefined) return undefined;
  const items = only.value.items().map((item) => item.text ?? '');
  return { name, argument: only.value.text ?? (name === 'GetAtt' ? items.join('.') : (items[0] ?? '')) };
}

/** `sns://${Topic}` names the topic; everything else in braces is known to AWS alone. */
const substituted = (text: string, addresses: ReadonlyMap<string, string>): Value =>
  textOf(text).k === 'unknown'
    ? textOf(text)
    : concat(
        text.split(/(\$\{[^}]*\})/).map((part): Value => {
          const id = /^\$\{([^}]*)\}$/.exec(part)?.[1];
          if (id === undefined) return textOf(part);
          return addresses.has(id) ? { k: 'lit', v: nameOf(id) } : { k: 'unknown' };
        }),
      );

/** A dynamic reference (`{{resolve:…}}`) is replaced by AWS. */
const textOf = (text: string): Value => (/\{\{resolve:/.test(text) ? { k: 'unknown' } : { k: 'lit', v: text });
