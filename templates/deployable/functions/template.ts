import { packageOf } from '../../../src/blueprint/names.ts';
import type { Blueprint, Deployable } from '../../../src/blueprint/schema.ts';
import { manifest } from '../../../src/plan/print.ts';
import type { Intent, IntentOf, PlannedFile, SystemSpec, Template } from '../../../src/plan/template.ts';
import { functionPeerSettings, functionSettings, remoteSettings } from '../../language/node/platform.intents.ts';
import { functionsWiring, hostsOf, wiredAs } from '../../language/node/wiring.print.ts';

const from = ['deployable/functions'];
const isFunctions = ({ kind, language }: Deployable) => kind === 'functions' && language === 'node';

export const functions: Template = {
  axis: 'deployable',
  id: 'functions',
  title: 'Functions',
  why: 'AWS Lambda: one function for requests, one for calls, one for events, one for jobs and the outbox of its modules',
  languages: ['node'],
  needs: ['database'],
  refuse,
  state: (at, blueprint) =>
    at.per === 'deployable' && isFunctions(at.deployable) ? intentsOf(blueprint, at.deployable) : [],
  files: [
    {
      per: 'system',
      from: 'node/platform',
      to: 'packages/platform/src/functions',
      owner: 'tool',
      when: { language: 'node' },
    },
    {
      per: 'deployable',
      from: 'node/deployable',
      to: 'deployables/{deployable}',
      owner: 'team',
      when: { kind: 'functions', language: 'node' },
    },
  ],
  print: (system) => system.blueprint.deployables.filter(isFunctions).flatMap((one) => files(system, one)),
};

/** Functions are started by their cloud: what only processes that stay can do is refused before anything is written. */
function refuse({ deployables, stack, delivery }: Blueprint): string | undefined {
  const names = deployables.filter(({ kind }) => kind === 'functions').map(({ name }) => name);
  const all = names.join(', ');
  if (stack.broker !== 'sns')
    return `Lambda is started by SQS, and ${stack.broker === 'memory' ? 'a bus in memory ends with its instance' : `nothing would hand the events of ${stack.broker} to ${all}`}: choose --broker sns.`;
  if (!delivery.deploy.includes('sam')) return `${all} would run nowhere: add sam to --deploy.`;
  if (deployables.some(({ kind }) => kind === 'server')) return undefined;
  const [container] = delivery.deploy.filter((id) => id !== 'sam');
  if (container) return `${container} runs containers, and this system has only functions: choose --deploy sam.`;
  const [watcher] = delivery.observability;
  if (watcher) return `${watcher} has nothing to scrape, because functions do not stay: choose --observability none.`;
  return undefined;
}

type Function = IntentOf<'function'>;
const memoryMb = 512;
/** `work` takes nothing new in its last 75 seconds, so that what it has begun can end. */
const all: readonly Omit<Function, 'is' | 'deployable'>[] = [
  {
    id: 'http',
    handler: 'http',
    on: 'http',
    doc: 'Requests of clients.',
    timeoutSeconds: 15,
    memoryMb,
    may: ['wake'],
  },
  {
    id: 'internal',
    handler: 'internal',
    on: 'internal',
    doc: 'Calls of other deployables.',
    timeoutSeconds: 15,
    memoryMb,
    may: ['wake'],
  },
  {
    id: 'events',
    handler: 'events',
    on: 'events',
    doc: 'Events of its modules and of those that they listen to.',
    timeoutSeconds: 30,
    memoryMb,
    may: ['wake'],
  },
  {
    id: 'work',
    handler: 'work',
    on: 'work',
    doc: 'Publishes the outbox and runs jobs, each time that there is something and every minute.',
    timeoutSeconds: 180,
    memoryMb,
    may: ['publish'],
  },
];

function intentsOf(blueprint: Blueprint, deployable: Deployable): Intent[] {
  const { name: scope, modules, deployables } = blueprint;
  const { name, path, hosts } = deployable;
  const hosted = modules.filter((module) => hosts.includes(module.name));
  const apart = hostsOf(blueprint).length > 1;
  const called = deployables
    .filter((other) => other.name !== name)
    .flatMap((other) => modules.filter((module) => other.hosts.includes(module.name)).flatMap(({ uses }) => uses))
    .some((used) => hosts.includes(used));
  const packages = [
    'platform',
    ...new Set([...hosted.map((module) => module.name), ...documented(blueprint, deployable)]),
  ];
  return [
    ...all
      .filter(({ on }) => on !== 'internal' || called)
      .map((one): Intent => ({ is: 'function', deployable: name, ...one })),
    ...functionSettings(name),
    ...(apart ? functionPeerSettings(name) : []),
    ...remoteSettings(blueprint, deployable),
    {
      is: 'setting',
      name: 'WORK_QUEUE_URL',
      readBy: name,
      secret: false,
      from: { cloud: 'queue' },
      doc: 'Queue that wakes the function which publishes events and runs jobs.',
    },
    ...packages.map(
      (one): Intent => ({ is: 'dependency', language: 'node', at: path, name: `@${scope}/${one}`, version: '0.0.0' }),
    ),
  ];
}

/** Modules that a set describes at `/docs`: where no server does, the first set describes all of them. */
function documented({ deployables, modules }: Blueprint, { name }: Deployable): readonly string[] {
  const sets = deployables.filter(isFunctions);
  if (sets[0]?.name !== name) return [];
  const hosted = sets.flatMap(({ hosts }) => hosts);
  return modules.map((module) => module.name).filter((module) => hosted.includes(module));
}

function files(system: SystemSpec, deployable: Deployable): PlannedFile[] {
  const { path } = deployable;
  const content = manifest(system, path, {
    name: packageOf(system.blueprint.name, deployable),
    version: '0.0.0',
    private: true,
    type: 'module',
  });
  const wiring = functionsWiring(system, wiredAs(system, deployable), documented(system.blueprint, deployable));
  return [
    { path: `${path}/package.json`, content, owner: 'shared', from },
    { path: `${path}/wiring.gen.ts`, content: wiring, owner: 'tool', from },
  ];
}
