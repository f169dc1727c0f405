import { KnownError } from '../model/known-error.ts';
import { closest } from './nearest.ts';
import type { Blueprint, Deployable, Module } from './schema.ts';

type Stack = Blueprint['stack'];

/** What hosts a module: the shared server, a server of its own, or functions of its own. */
export const placements = ['monolith', 'service', 'functions'] as const;
export type Placement = (typeof placements)[number];

/** A style is a placement of modules on deployables, and nothing else. */
export interface Style {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  /** Where each module goes that nobody placed. Modules come in dependency order. */
  readonly place: (module: Module, index: number, modules: readonly Module[]) => Placement;
}

export const styles: readonly Style[] = [
  {
    id: 'monolith',
    title: 'Modular monolith',
    why: 'one process hosts every module; move one out the day the numbers ask for it',
    place: () => 'monolith',
  },
  {
    id: 'microservices',
    title: 'Microservices',
    why: 'each module is a server with its own database, behind a gateway',
    place: () => 'service',
  },
  {
    id: 'serverless',
    title: 'Serverless',
    why: 'each module is a set of functions that cost nothing while nobody calls',
    place: () => 'functions',
  },
  {
    id: 'hybrid',
    title: 'Hybrid',
    why: 'each module where --place puts it: monolith, service or functions',
    // Nobody calls the last one, so it is the cheapest to move out.
    place: (_, index, modules) => (index === modules.length - 1 ? 'service' : 'monolith'),
  },
];

export function styleOf(id: string): Style {
  const style = styles.find((candidate) => candidate.id === id);
  const known = styles.map((candidate) => candidate.id);
  if (!style) {
    const near = closest(id, known);
    throw new KnownError(`Unknown style '${id}'.`, {
      next: near ? `Did you mean '${near}'?` : `Use one of: ${known.join(', ')}.`,
    });
  }
  return style;
}

/** The broker that a placement needs when nobody chose one: memory reaches one process only. */
export function defaultBroker(places: readonly Placement[]): string {
  if (places.includes('functions')) return 'sns';
  return places.includes('service') && places.length > 1 ? 'rabbitmq' : 'memory';
}

/** The targets that a placement needs when nobody chose any: functions run where nobody keeps a server. */
export function defaultDeploy(places: readonly Placement[]): readonly string[] {
  const functions = places.includes('functions') ? ['sam'] : [];
  return places.every((place) => place === 'functions') ? functions : ['compose', ...functions];
}

/** What reads metrics where nobody chose: functions have none that could be scraped. */
export const defaultObservability = (places: readonly Placement[]): readonly string[] =>
  places.every((place) => place === 'functions') ? [] : ['prometheus', 'grafana'];

/** The deployables of a system whose modules are placed like this. More than one server stand behind a gateway. */
export function deployablesOf(
  placed: readonly { readonly module: Module; readonly place: Placement }[],
  { language, framework }: Stack,
): readonly Deployable[] {
  const make = (name: string, kind: Deployable['kind'], hosts: readonly string[]): Deployable => ({
    name,
    kind,
    path: `deployables/${name}`,
    language,
    framework,
    hosts,
    public: false,
  });
  const shared = placed.filter(({ place }) => place === 'monolith').map(({ module }) => module.name);
  const alone = placed.filter(({ place }) => place !== 'monolith');
  const hosting = [
    ...(shared.length > 0 ? [make('api', 'server', shared)] : []),
    ...alone.map(({ module: { name }, place }) => make(name, place === 'service' ? 'server' : 'functions', [name])),
  ];
  const servers = hosting.filter(({ kind }) => kind === 'server').length;
  // API Gateway stands before functions: it is part of what is deployed with them.
  const open = hosting.map((one) => ({ ...one, public: one.kind === 'functions' || servers === 1 }));
  return servers > 1 ? [...open, { ...make('gateway', 'gateway', []), public: true }] : open;
}
