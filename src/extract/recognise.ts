import type { FactMap, Sym, Value } from '../model/facts.ts';
import type { Emit, Expr, Views } from './language.ts';

/** What recognisers of many libraries ask of a view. */

export const unknown: Value = { k: 'unknown' };
/** A number; what JSON cannot keep (`1e999`, `0 / 0`) is not known, or a cached run would see another value. */
export const numeric = (v: number): Value => (Number.isFinite(v) ? { k: 'lit', v: v + 0 } : unknown);
export const text = (v: string): Value => ({ k: 'lit', v });

/** The value that an options object has under the first of these keys; `unknown` where a spread may hide it. */
export function option(options: Expr | undefined, ...names: readonly string[]): Value | 'absent' {
  if (!options) return 'absent';
  const found = names.map((name) => options.prop(name));
  const own = found.find((each) => typeof each === 'object');
  if (typeof own === 'object') return own.value();
  return found.includes('unknown') ? unknown : 'absent';
}

export const valueOr = (value: Value | 'absent', fallback: Value): Value => (value === 'absent' ? fallback : value);
export const isText = (value: Value): value is { readonly k: 'lit'; readonly v: string } =>
  value.k === 'lit' && typeof value.v === 'string';
export const textOf = (value: Value | 'absent' | undefined): string | undefined =>
  value !== undefined && value !== 'absent' && isText(value) ? value.v : undefined;

/** The function that an expression names, or that it is: one written in place is called after its call, like `get(/x)`. */
export function handlerOf(expression: Expr | undefined, inPlace: string): Sym {
  const value = expression?.is === 'function' ? undefined : expression?.value();
  return value?.k === 'ref' ? value.sym : { path: [inPlace] };
}

/** All arguments from `start` on; a spread ends them with an unknown one. */
export function argumentsFrom(view: Views['call'], start = 0): readonly Expr[] {
  const found: Expr[] = [];
  for (let i = start; i < 50; i += 1) {
    const argument = view.arg(i);
    if (!argument) break;
    found.push(argument);
  }
  return found;
}

/** Whether a symbol is, or is reached from, one of these exports of a package. */
export const isFrom = (
  sym: Sym | undefined,
  from: string | readonly string[],
): sym is Sym & { readonly from: string } =>
  sym?.from !== undefined && (typeof from === 'string' ? sym.from === from : from.includes(sym.from));

/** A path without the `default` that some ways of importing add. */
export const exported = ({ path }: Sym): readonly string[] => (path[0] === 'default' ? path.slice(1) : path);

const probes: readonly (readonly [FactMap['probe']['checks'], RegExp])[] = [
  ['live', /(?:^|[/_-])(?:livez?|liveness|alive)$/i],
  ['ready', /(?:^|[/_-])(?:readyz?|readiness)$/i],
  ['health', /(?:^|[/_-])(?:healthz?|health-?check|_health|ping|heartbeat)$|^(?:\/api)?(?:\/v\d+)?\/?status$/i],
];

/** The kind of health check that a route's path says it is. */
export function probeOf(path: string): FactMap['probe']['checks'] | undefined {
  const clean = path.replace(/\/+$/, '');
  return probes.find(([, pattern]) => pattern.test(clean))?.[0];
}

/** A route and, where its path says so, the health check that it is. */
export function emitRoute(
  emit: Emit,
  span: readonly [number, number],
  route: { readonly method: string; readonly path: Value; readonly handler: Sym },
): void {
  emit('entry', span, { on: 'http', ...route });
  const kind = isText(route.path) ? probeOf(route.path.v) : undefined;
  if (kind && isText(route.path)) emit('probe', span, { checks: kind, path: route.path.v });
}
