import type { Value } from '../model/facts.ts';

/** Values one after the other as text: neighbouring literals merge and empty ones vanish, so equal text is an equal value. */
export function concat(parts: readonly Value[]): Value {
  const of: Value[] = [];
  for (const part of parts.flatMap((value) => (value.k === 'cat' ? value.of : [value]))) {
    const last = of.at(-1);
    if (part.k === 'lit' && last?.k === 'lit') of[of.length - 1] = { k: 'lit', v: `${last.v}${part.v}` };
    else if (!(part.k === 'lit' && part.v === '')) of.push(part);
  }
  const [only] = of;
  if (!only) return { k: 'lit', v: '' };
  return of.length > 1 ? { k: 'cat', of } : only.k === 'lit' ? { k: 'lit', v: String(only.v) } : only;
}
