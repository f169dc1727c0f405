import { KnownError, type Place } from '../model/known-error.ts';
import type { Key } from './load.ts';
import { closest } from './nearest.ts';
import type { Blueprint } from './schema.ts';

const changes = ['created', 'updated', 'deleted'];

/** What a blueprint may describe but this version cannot generate. `fresh`: nothing was generated from it before. */
export function checkGeneratable(blueprint: Blueprint, at: (key: Key) => Place | undefined, fresh: boolean): void {
  const refuse = (key: Key, message: string, next: string): never => {
    const place = at(key);
    throw new KnownError(message, { next, ...(place ? { place } : {}) });
  };
  const { modules, deployables } = blueprint;
  if (modules.length === 0) refuse(['modules'], 'A system needs at least one module.', 'Add one under `modules`.');
  const [server, ...more] = deployables;
  if (!server || more.length > 0 || server.hosts.length < modules.length)
    refuse(
      ['deployables'],
      'This version generates modular monoliths: one deployable that hosts every module.',
      'Declare one deployable of kind server that hosts all modules; its modules can be split later without change.',
    );
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
