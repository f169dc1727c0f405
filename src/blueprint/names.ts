import pluralize from 'pluralize';
import { own } from '../model/own.ts';

/** The spellings of one name. `name` is kebab-case, as written in `architecture.yaml`. */
export interface Name {
  readonly name: string;
  readonly camel: string;
  readonly pascal: string;
  readonly snake: string;
}
export interface EntityName extends Name {
  readonly plural: string;
  readonly pluralCamel: string;
  readonly pluralPascal: string;
  readonly pluralSnake: string;
  /** For prose: `order line`. */
  readonly title: string;
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

export const pascal = (name: string) => name.split('-').map(capital).join('');
export const camel = (name: string) => name.charAt(0) + pascal(name).slice(1);
export const snake = (name: string) => name.replaceAll('-', '_');

/** The npm package of a deployable; its kind sets it apart from the module of the same name. */
export const packageOf = (system: string, deployable: { readonly name: string; readonly kind: string }): string =>
  `@${system}/${deployable.name}-${deployable.kind}`;

/** The variable that says where the module answers other deployables: `STOCK_ROOM_URL`. */
export const urlVariable = (module: string): string => `${snake(module).toUpperCase()}_URL`;

export const nameOf = (name: string): Name => ({ name, camel: camel(name), pascal: pascal(name), snake: snake(name) });

/** Plural that always differs from the name, so that one and many never share an identifier: `news` → `news-items`. */
export function pluralOf(name: string): string {
  const plural = pluralize(name);
  return plural === name ? `${name}-items` : plural;
}

export function entityNameOf(name: string): EntityName {
  const plural = nameOf(pluralOf(name));
  return {
    ...nameOf(name),
    plural: plural.name,
    pluralCamel: plural.camel,
    pluralPascal: plural.pascal,
    pluralSnake: plural.snake,
    title: name.replaceAll('-', ' '),
  };
}

/** Names of modules whose entity is not their own singular. */
const wellKnown: Readonly<Record<string, string>> = {
  catalog: 'product',
  catalogue: 'product',
  inventory: 'item',
  billing: 'invoice',
  shipping: 'shipment',
  accounting: 'entry',
  identity: 'user',
};

/** The entity that a module's skeleton starts with when nobody named one. */
export const defaultEntity = (module: string): string => own(wellKnown, module) ?? pluralize.singular(module);
