import { nameOf, pascal } from '../blueprint/names.ts';
import type { Blueprint, Module } from '../blueprint/schema.ts';
import type { Catalogue } from './catalogue.ts';
import { contextOf, placeholders } from './context.ts';
import { contentOf, target } from './plan.ts';

/** What a person adds to a module that is there: its files are a person's from the first moment, so no plan has them. */
export interface Part {
  /** Folder of its overlay, `templates/language/<language>/<from>`. */
  readonly from: string;
  /** Names for the paths of its files. */
  readonly names: Readonly<Record<string, string>>;
  /** What its files may use besides what every file of a module may use. */
  readonly context: Readonly<Record<string, object>>;
}
export interface PartFile {
  readonly path: string;
  readonly content: string;
}

/**
 * The files of a part, rendered, in path order. `module/…` of its overlay lies in the module, everything else is relative
 * to the root; `contract.hbs` is no file but an entry for the contract.
 */
export function partOf(
  blueprint: Blueprint,
  catalogue: Catalogue,
  module: Module,
  { from, names, context }: Part,
): { readonly files: readonly PartFile[]; readonly entry: string | undefined } {
  const language = catalogue.templates.find(({ axis, id }) => axis === 'language' && id === module.language);
  if (!language) throw new Error(`There is no language '${module.language}'.`);
  const scope = { per: 'module', module } as const;
  const values = { ...placeholders(blueprint, scope), ...names };
  const all = { ...contextOf(blueprint, scope), ...context };
  const rendered = catalogue.overlay(language, from).map((file) => ({
    path: target(file.path.replace(/^module\//, `${module.path}/`), values),
    content: String(contentOf(file, `language/${module.language}/${from}`, all)),
  }));
  if (rendered.length === 0) throw new Error(`The language ${module.language} has no ${from}.`);
  return {
    files: rendered.filter(({ path }) => path !== 'contract'),
    entry: rendered.find(({ path }) => path === 'contract')?.content.trimEnd(),
  };
}

/** An operation as a person asked for it; `kind` is what its skeleton does. */
export interface OperationPart {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly kind: 'read' | 'write' | 'read-one' | 'write-one';
}

export const pathParameters = (path: string): string[] => Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name!);
const uuid = '00000000-0000-4000-8000-000000000000';

export function operationPart(module: Module, { name, method, path, kind }: OperationPart): Part {
  const route = (id: string) =>
    `/${module.name}${path}`.replace(/\{(\w+)\}/g, (_, parameter: string) => (parameter === 'id' ? id : 'example'));
  const words = name.replaceAll('-', ' ');
  return {
    from: `operation/${kind}`,
    names: { operation: name },
    context: {
      operation: {
        ...nameOf(name),
        method,
        path,
        title: words.charAt(0).toUpperCase() + words.slice(1),
        topic: `${module.name}.${name}`,
        params: pathParameters(path).map((parameter) => ({
          name: parameter,
          schema: parameter === 'id' ? "Type.String({ format: 'uuid' })" : 'Type.String({ maxLength: 200 })',
        })),
        example: route(uuid),
        // Text of a template literal in what is rendered.
        one: route('$' + '{id}'),
        verb: method.toLowerCase(),
        body: method === 'GET' || method === 'DELETE' ? '' : ', {}',
      },
    },
  };
}

/** The reaction of `module` to an event of `owner`; `event` is its key in the contract. */
export function consumerPart(blueprint: Blueprint, module: Module, owner: Module, event: string): Part & ConsumerNames {
  const kebab = event.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const file = `${owner.name}-${kebab}`;
  const own = owner.name === module.name;
  const name = `on${pascal(file)}`;
  return {
    from: 'consumer',
    names: { consumer: file },
    name,
    file,
    context: {
      consumer: {
        camel: name,
        file,
        event,
        topic: `${owner.name}.${kebab}`,
        owner: nameOf(owner.name),
        from: own ? '../contract.ts' : `@${blueprint.name}/${owner.name}/contract`,
      },
    },
  };
}
export interface ConsumerNames {
  /** Identifier of the consumer. */
  readonly name: string;
  /** Its file, without folder and extension. */
  readonly file: string;
}

export const jobPart = (module: Module, name: string): Part => ({
  from: 'job',
  names: { job: name },
  context: { job: { ...nameOf(name), topic: `${module.name}.${name}` } },
});
