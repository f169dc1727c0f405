import { KnownError, type Place } from '../model/known-error.ts';
import type { Key } from './load.ts';
import { closest } from './nearest.ts';
import type { Blueprint } from './schema.ts';

const changes = ['created', 'updated', 'deleted'];
const hosting = ['server', 'functions'];

/** What a blueprint may describe but this version cannot generate. `fresh`: nothing was generated from it before. */
export function checkGeneratable(blueprint: Blueprint, at: (key: Key) => Place | undefined, fresh: boolean): void {
  const refuse = (key: Key, message: string, next: string): never => {
    const place = at(key);
    throw new KnownError(message, { next, ...(place ? { place } : {}) });
  };
  const { modules, deployables } = blueprint;
  if (modules.length === 0) refuse(['modules'], 'A system needs at least one module.', 'Add one under `modules`.');
  const published = deployables.filter((one) => one.public && one.kind !== 'functions');
  if (published.length > 1)
    refuse(
      ['deployables', published[1]!.name, 'public'],
      `${published.map(({ name }) => name).join(' and ')} are both public.`,
      'Put a deployable of kind gateway before them, and let only it be public.',
    );
  for (const { name, kind, hosts } of deployables) {
    if (kind === 'worker')
      refuse(
        ['deployables', name, 'kind'],
        `This version generates no workers; ${name} is one.`,
        'Use kind server: it runs the consumers and jobs of its modules too.',
      );
    if (kind === 'gateway' && hosts.length > 0)
      refuse(['deployables', name, 'hosts'], `${name} is a gateway, and hosts ${hosts.join(', ')}.`, 'Remove `hosts`.');
    if (kind === 'gateway' && !deployables.some((one) => one.kind === 'server'))
      refuse(['deployables', name], `${name} has no server to route to.`, 'Add a deployable of kind server.');
    if (hosting.includes(kind) && hosts.length === 0)
      refuse(['deployables', name, 'hosts'], `${name} hosts no module.`, 'Name its modules under `hosts`.');
    if (modules.some((module) => module.name === `${name}-${kind}`))
      refuse(
        ['deployables', name],
        `The package of ${name} would be called like the module ${name}-${kind}.`,
        'Give the deployable another name.',
      );
  }
  for (const { name } of modules) {
    const homes = deployables.filter(({ kind, hosts }) => hosting.includes(kind) && hosts.includes(name));
    if (homes.length === 0)
      refuse(['deployables'], `No deployable hosts the module ${name}.`, `Add ${name} to \`hosts\` of one.`);
    if (homes.length > 1)
      refuse(
        ['deployables', homes[1]!.name, 'hosts'],
        `${name} is hosted by ${homes.map((home) => home.name).join(' and ')}: its data would be split between them.`,
        'Host it in one; its instances share the load.',
      );
  }
  for (const { name, path } of modules)
    if (path !== `modules/${name}`)
      refuse(['modules', name, 'path'], `The module ${name} would be generated at modules/${name}.`, 'Use that path.');
  for (const { name, path } of deployables)
    if (path !== `deployables/${name}`)
      refuse(['deployables', name, 'path'], `${name} would be generated at deployables/${name}.`, 'Use that path.');
  if (!fresh) return;
  for (const module of modules)
    module.consumes.forEach((topic, index) => {
      const [owner = '', event = ''] = topic.split('.');
      const entity = modules.find(({ name }) => name === owner)?.entity;
      const published = changes.map((change) => `${entity}-${change}`);
      if (published.includes(event)) return;
      const near = closest(event, published);
      refuse(
        ['modules', module.name, 'consumes', index],
        `${owner} publishes no '${event}'.`,
        near ? `Did you mean '${owner}.${near}'?` : `It publishes ${published.join(', ')}.`,
      );
    });
}
