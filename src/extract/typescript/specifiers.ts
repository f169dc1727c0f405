import { isRequire, type Scope, symOf, textOf, valueIn } from './names.ts';
import type { Node } from './parse.ts';
import { keyOf, kindOf, list, unwrap } from './syntax.ts';

/** What an import whose target is only known when it runs has in the place of a specifier. */
export const COMPUTED = '';

/** The specifier that an expression is, through constants, `__dirname` and `path.join`; `COMPUTED` where that is not known. */
export function specifierIn(expression: Node, scope: Scope): string {
  const written = textOf(expression);
  if (written !== undefined) return written;
  const node = unwrap(expression);
  if (kindOf(node) === 'call') return joined(node, scope) ?? COMPUTED;
  const value = valueIn(node, scope);
  if (value.k === 'lit' && typeof value.v === 'string') return value.v;
  if (value.k !== 'cat' || value.of.length !== 2) return COMPUTED;
  const [folder, rest] = value.of;
  const isHere = folder?.k === 'ref' && folder.sym.from === 'globalThis' && folder.sym.path[0] === '__dirname';
  return isHere && rest?.k === 'lit' && typeof rest.v === 'string' && rest.v.startsWith('/') ? `.${rest.v}` : COMPUTED;
}

/** `path.join(__dirname, '../a')`. */
function joined(call: Node, scope: Scope): string | undefined {
  const callee = symOf(call.callee, scope);
  if (!/^(?:node:)?path$/.test(callee?.from ?? '') || !/^(?:join|resolve)$/.test(callee!.path.at(-1) ?? ''))
    return undefined;
  const [folder, ...parts] = list(call.arguments);
  const texts = parts.map((part) => textOf(part));
  if (!isHere(folder, scope) || texts.includes(undefined)) return undefined;
  return ['.', ...texts].join('/');
}
const isHere = (node: Node, scope: Scope): boolean =>
  /^(?:__dirname|import\.meta\.dirname)$/.test(scope.text.slice(node?.start, node?.end));

/** The file that a call names without importing it: `require.resolve('x')`, `import.meta.resolve('x')`. */
export function resolvedBy(call: Node, scope: Scope): Node | undefined {
  const callee = unwrap(call.callee);
  if (kindOf(callee) !== 'member' || keyOf(callee) !== 'resolve') return undefined;
  const object = unwrap(callee.object);
  const isMeta = scope.text.slice(object.start, object.end) === 'import.meta';
  if (!isMeta && !isRequire({ ...call, type: 'CallExpression', callee: object }, scope)) return undefined;
  return textOf(call.arguments[0]) === undefined ? undefined : call.arguments[0];
}

/** The file that `new URL('./worker.js', import.meta.url)` names, if it is one of code. */
export function locatedBy(creation: Node, text: string): Node | undefined {
  const [file, base] = list(creation.arguments);
  if (!base || text.slice(base.start, base.end) !== 'import.meta.url' || unwrap(creation.callee).name !== 'URL')
    return undefined;
  return /^\.{1,2}\/.+\.[cm]?[jt]sx?$/.test(textOf(file) ?? '') ? file : undefined;
}
