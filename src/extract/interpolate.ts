import type { Value } from '../model/facts.ts';
import { concat } from './concat.ts';

const reference = /\$\$|\$\{(\w+)(?:(:?[-?+])((?:[^{}]|\$\{[^{}]*\})*))?\}|\$(\w+)/g;

/**
 * Text with shell-like references as a value: `${NAME}`, `${NAME:-default}`, `$NAME`; `$$` is a dollar sign.
 * The rules of the Compose specification (12-interpolation); a nested default is followed once.
 */
export function interpolate(text: string): Value {
  const parts: Value[] = [];
  let end = 0;
  const literal = (v: string) => parts.push({ k: 'lit', v });
  for (const found of text.matchAll(reference)) {
    literal(text.slice(end, found.index));
    end = found.index + found[0].length;
    const [whole, braced, operator, argument, bare] = found;
    const name = braced ?? bare;
    if (whole === '$$' || name === undefined) literal('$');
    else if (operator?.endsWith('-')) parts.push({ k: 'env', name, or: interpolate(argument ?? '') });
    else if (operator?.endsWith('+')) parts.push({ k: 'unknown' });
    else parts.push({ k: 'env', name });
  }
  literal(text.slice(end));
  return concat(parts);
}

/** The text with defaults in place of references; a reference without one stays as it is written. */
export function withDefaults(value: Value): string {
  switch (value.k) {
    case 'lit':
      return String(value.v);
    case 'cat':
      return value.of.map(withDefaults).join('');
    case 'env':
      return value.or ? withDefaults(value.or) : `\${${value.name}}`;
    default:
      return '';
  }
}

/** Text with `${{ … }}` expressions, whose values only the CI service knows. */
export function interpolateExpressions(text: string): Value {
  return concat(
    text
      .split(/\$\{\{[\s\S]*?\}\}/)
      .flatMap((part, i): Value[] => [...(i > 0 ? [{ k: 'unknown' } as const] : []), { k: 'lit', v: part }]),
  );
}
