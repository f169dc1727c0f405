import { camel, snake } from './names.ts';

const javascript = new Set(
  `await break case catch class const continue debugger default delete do else enum export extends false finally for
  function if implements import in instanceof interface let new null package private protected public return static
  super switch this throw true try typeof var void while with yield arguments eval async undefined nan infinity
  object function string number boolean symbol promise error date map set record event global process console
  any never unknown type`.split(/\s+/),
);
const paths = new Set(['docs', 'livez', 'readyz', 'metrics', 'openapi', 'internal', '.well-known']);
const folders = new Set(
  'platform api tools test tests load deploy deployables modules packages observability node-modules dev gateway postgres redis rabbitmq kafka prometheus grafana contract module'.split(
    ' ',
  ),
);

/** Why `name` cannot name a module; undefined when it can. */
export function reservedModule(name: string): string | undefined {
  const schema = snake(name);
  if (javascript.has(name)) return 'it is a reserved word or a global of JavaScript';
  if (camel(name) in Object.prototype || camel(name) === 'then' || camel(name) === 'prototype')
    return 'every JavaScript object already has a property of that name';
  if (schema === 'public' || schema === 'information_schema' || schema === 'pgboss' || /^pg(_|$)/.test(schema))
    return `each module owns the SQL schema of its name, and the schema ${schema} is taken`;
  if (paths.has(name)) return `the server itself answers under /${name}`;
  if (folders.has(name)) return 'the generated system uses that name itself';
  return undefined;
}

/** Why `name` cannot name an entity of `module`; undefined when it can. */
export function reservedEntity(name: string, module: string): string | undefined {
  if (javascript.has(name)) return 'it is a reserved word or a global of JavaScript';
  if (camel(name) in Object.prototype) return 'every JavaScript object already has a property of that name';
  if (name === 'activity' || name === `${module}-activity`)
    return 'every module already has an activity: the count of events that it has seen';
  return undefined;
}

const services = new Set(['postgres', 'redis', 'rabbitmq', 'kafka', 'prometheus', 'grafana', 'pgbouncer', 'nginx']);
const compositions = new Set(['dev', 'tests', 'test', 'node-modules', 'platform']);

/** Why `name` cannot name a deployable; undefined when it can. */
export function reservedDeployable(name: string, kind: string): string | undefined {
  if (services.has(name)) return 'a service that deployables use has that name';
  if (compositions.has(name)) return 'the generated system uses that name itself';
  if (name === 'gateway' && kind !== 'gateway') return 'the way into a system of several deployables has that name';
  return undefined;
}

/** Identifiers of the files that a new part is written into. */
const partNames = new Set(
  `problem contract operation find present count counts context use topic operations consumers consumer jobs job
  requires consume received effect payload run tables type static define-module ctx input definition expect it
  system api anonymous collection path`.split(/\s+/),
);

/** Why `name` cannot name an operation or a job; undefined when it can. */
export function reservedPart(name: string): string | undefined {
  if (javascript.has(name)) return 'it is a reserved word or a global of JavaScript';
  if (camel(name) in Object.prototype || camel(name) === 'then' || camel(name) === 'prototype')
    return 'every JavaScript object already has a property of that name';
  if (partNames.has(name)) return 'the files that it is written into use that name themselves';
  return undefined;
}
