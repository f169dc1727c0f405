import type { Fact, Path, Sym, Value } from '../../model/facts.ts';
import { own } from '../../model/own.ts';
import type { Confidence, Evidence, Known } from '../../model/system.ts';
import type { Links, NamesOf } from '../language.ts';

export interface Setting {
  readonly value: Value;
  readonly evidence: Evidence;
}
export interface Evaluator {
  /** A symbolic value as a literal, as seen from a file. */
  evaluate(value: Value, path: Path): Known<string | number | boolean>;
  /**
   * Like `evaluate`, for text: what stays unknown is written as `${NAME}` (a variable of the environment) or `${?}`, and
   * the confidence is that of the rest. Undefined when nothing of it is known.
   */
  text(value: Value, path: Path): Known<string>;
}

/** How an unknown part of a text is written. */
export const UNKNOWN = '${?}';
const DEPTH = 12;
const nothing: Known<never> = { value: undefined, confidence: 'possible', via: [] };
const order: readonly Confidence[] = ['certain', 'likely', 'possible'];
export const least = (...all: readonly Confidence[]): Confidence =>
  order[Math.max(0, ...all.map((each) => order.indexOf(each)))]!;

/**
 * Evaluates symbolic values across files and deployment. `settings` gives what deployment sets a variable to for the
 * deployable of a file; a fallback in code counts as likely only, because deployment may set the variable.
 */
export function evaluator(
  namesOf: NamesOf,
  linksOf: (path: Path) => Links | undefined,
  settings: (path: Path, name: string) => readonly Setting[],
): Evaluator {
  const bindings = new Map<Path, ReadonlyMap<string, Fact<'binding'>>>();
  const bindingsOf = (path: Path) => {
    const known = bindings.get(path);
    if (known) return known;
    const own = new Map<string, Fact<'binding'>>();
    for (const fact of namesOf(path)) if (fact.kind === 'binding') own.set(fact.name.path.join('.'), fact);
    bindings.set(path, own);
    return own;
  };
  const lookUp = (sym: Sym, path: Path): { value: Value; path: Path; evidence: Evidence } | undefined => {
    const origin = linksOf(path)?.origin?.(path, sym) ?? (sym.from === undefined ? { path, sym } : undefined);
    if (!origin || !('path' in origin)) return undefined;
    const bound = bindingsOf(origin.path);
    // `Orders.STOCK` is a binding of its own, `config.stock` a part of one.
    const length = [2, 1].find((each) => bound.has(origin.sym.path.slice(0, each).join('.')));
    const binding = bound.get(origin.sym.path.slice(0, length ?? 1).join('.'));
    const rest = origin.sym.path.slice(length ?? 1);
    if (!binding?.value) return undefined;
    let value = binding.value;
    for (const key of rest) {
      const inside = value.k === 'obj' ? own(value.of, key) : undefined;
      if (!inside) return undefined;
      value = inside;
    }
    return { value, path: origin.path, evidence: { path: origin.path, span: binding.span } };
  };

  const text = (value: Value, path: Path, depth = 0): Known<string> => {
    if (depth > DEPTH) return nothing;
    switch (value.k) {
      case 'lit':
        return value.v === null ? nothing : { value: String(value.v), confidence: 'certain', via: [] };
      case 'ref': {
        const found = lookUp(value.sym, path);
        if (!found) return nothing;
        const known = text(found.value, found.path, depth + 1);
        return { ...known, via: [found.evidence, ...known.via] };
      }
      case 'env': {
        const [set] = settings(path, value.name);
        if (set) {
          const known = text(set.value, set.evidence.path, depth + 1);
          return { ...known, via: [set.evidence, ...known.via] };
        }
        const fallback = value.or ? text(value.or, path, depth + 1) : undefined;
        if (fallback?.value !== undefined) return { ...fallback, confidence: least(fallback.confidence, 'likely') };
        return { value: `\${${value.name}}`, confidence: 'likely', via: [] };
      }
      case 'cat': {
        const parts = value.of.map((part) => text(part, path, depth + 1));
        const known = parts.filter((part) => part.value !== undefined);
        if (known.length === 0) return nothing;
        return {
          value: parts.map((part) => part.value ?? UNKNOWN).join(''),
          confidence: least(...known.map((part) => part.confidence)),
          via: parts.flatMap((part) => part.via),
        };
      }
      default:
        return nothing;
    }
  };
  return {
    text,
    evaluate(value, path) {
      if (value.k === 'lit') return value.v === null ? nothing : { value: value.v, confidence: 'certain', via: [] };
      if (value.k === 'ref') {
        const found = lookUp(value.sym, path);
        if (found?.value.k === 'lit' && found.value.v !== null) {
          return { value: found.value.v, confidence: 'certain', via: [found.evidence] };
        }
      }
      const known = text(value, path);
      return known.value?.includes('${') ? nothing : known;
    },
  };
}
