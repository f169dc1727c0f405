import Handlebars from 'handlebars';

const engine = Handlebars.create();
const builtIn = { each: true, if: true, unless: true, with: true, lookup: true };

/**
 * Renders Handlebars text. Handlebars' own `strict` lets unknown names pass in `#if`, `#each`, `lookup` and helper
 * arguments, so the context is wrapped: reading any name that it does not have throws.
 */
export function render(source: string, context: object, path: string): string {
  try {
    return compiled(source)(guarded(context), { allowProtoPropertiesByDefault: true });
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

const programs = new Map<string, HandlebarsTemplateDelegate>();

/** One text is rendered for many modules. */
function compiled(source: string): HandlebarsTemplateDelegate {
  const known = programs.get(source);
  if (known) return known;
  const options = { strict: true, noEscape: true, knownHelpers: builtIn, knownHelpersOnly: true };
  const program = engine.compile(source, options);
  programs.set(source, program);
  return program;
}

const wrapped = new WeakMap<object, object>();

function guarded<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  const known = wrapped.get(value);
  if (known) return known as T;
  const proxy = new Proxy(value, {
    get(target, key) {
      if (typeof key === 'symbol' || Object.hasOwn(target, key) || (Array.isArray(target) && key in target))
        return guarded(Reflect.get(target, key));
      throw new Error(`unknown name '${key}'; known here: ${Object.keys(target).join(', ')}`);
    },
  });
  wrapped.set(value, proxy);
  return proxy as T;
}
