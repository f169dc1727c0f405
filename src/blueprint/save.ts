import { Document, isMap, isScalar, type Node } from 'yaml';
import { own } from '../model/own.ts';
import type { Blueprint, Deployable, Module } from './schema.ts';

const schemaLine = ' yaml-language-server: $schema=./node_modules/scalable-backend/schema/architecture.schema.json';

const comments: Readonly<Record<string, string>> = {
  name: ' What this system is, where its boundaries are, and how it is checked: one file for people and programs.',
  stack: ' Defaults; a module may set its own language, a deployable its own framework.',
  modules: ' Bounded contexts. `uses`: contracts that it calls. `consumes`: events that it reacts to.',
  deployables: ' What runs, and the modules that it hosts. Moving a module out is a change of these lines.',
  capacity: ' What it has to carry.',
  delivery: ' What is generated around the code.',
  lint: ' `npm run arch` checks the boundaries above and these rules.',
};

/** Blueprint → `architecture.yaml`, with comments; what equals a default of the file itself is left out. */
export function save(blueprint: Blueprint): string {
  const { name, stack, modules, deployables, capacity, delivery, lint } = blueprint;
  const document = new Document({
    version: 1,
    name,
    stack,
    modules: Object.fromEntries(modules.map((module) => [module.name, moduleLine(module, stack)])),
    deployables: Object.fromEntries(
      deployables.map((deployable) => [deployable.name, deployableLine(deployable, stack)]),
    ),
    ...(capacity ? { capacity } : {}),
    delivery,
    ...(lint ? { lint } : {}),
  });
  document.commentBefore = schemaLine;
  if (isMap(document.contents))
    for (const { key, value } of document.contents.items) {
      const comment = isScalar(key) ? own(comments, String(key.value)) : undefined;
      if (comment && isScalar(key)) {
        (key as Node).commentBefore = comment;
        key.spaceBefore = true;
      }
      if (isScalar(key) && ['stack', 'delivery', 'capacity'].includes(String(key.value)) && isMap(value))
        value.flow = true;
      if (isScalar(key) && ['modules', 'deployables'].includes(String(key.value)) && isMap(value))
        for (const item of value.items) if (isMap(item.value)) item.value.flow = true;
    }
  return text(document);
}

/** Text of a document as this file prints it: no folding, lists without padding. */
export const text = (document: Document): string =>
  document
    .toString({ lineWidth: 0, flowCollectionPadding: true })
    .replace(/^(?: {2}\S+|delivery): \{.*\}$/gm, (line) => line.replaceAll('[ ', '[').replaceAll(' ]', ']'));

function moduleLine({ path, entity, language, uses, consumes }: Module, stack: Blueprint['stack']) {
  return {
    path,
    entity,
    ...(language === stack.language ? {} : { language }),
    ...(uses.length > 0 ? { uses } : {}),
    ...(consumes.length > 0 ? { consumes } : {}),
  };
}

function deployableLine(deployable: Deployable, stack: Blueprint['stack']) {
  const { kind, path, framework, hosts } = deployable;
  return {
    kind,
    ...(path === `deployables/${deployable.name}` ? {} : { path }),
    ...(framework === stack.framework ? {} : { framework }),
    hosts,
    ...(deployable.public === (kind === 'gateway') ? {} : { public: deployable.public }),
  };
}
