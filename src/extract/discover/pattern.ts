import type { Captures } from '../../model/boundary.ts';
import type { Path } from '../../model/facts.ts';

/** A glob of paths with captures. It means a file or a folder with everything below. */
export interface Pattern {
  readonly captures: readonly string[];
  /** The regular expression of the path itself, without what is below it. */
  readonly source: string;
  /** What its captures stand for; undefined where it does not match. `values` are those of the captures it was given. */
  match(path: Path, values?: Captures): Captures | undefined;
}

/**
 * Compiles a glob: `*` within a name, `**` for folders, `?`, `{a,b}`, `<name>` for one name or a part of it, the same
 * wherever it stands. With `given`, captures are those of another pattern, and `<!name>` is any other name. Returns what
 * is wrong as text. A regular expression is none of it: what a glob may be is kept so small that matching cannot explode.
 */
export function compilePattern(text: string, given?: readonly string[]): Pattern | string {
  if (/^\^|\$$|\\|\(\?|\.\+|\[\^/.test(text)) return 'it is a regular expression; write a glob, with <name> to capture';
  const parts = text.replace(/^\.\//, '').replace(/\/$/, '').split('/');
  if (parts.includes('') || parts.includes('..')) return 'it is no path relative to the root';
  if (parts.filter((part) => part === '**').length > 3) return 'more than three ** are in it';
  const captures: string[] = [];
  const pieces: string[] = [];
  for (const [i, part] of parts.entries()) {
    const last = i === parts.length - 1;
    if (part === '**') {
      pieces.push(last ? '.+' : '(?:[^/]+/)*');
      continue;
    }
    const piece = compilePart(part, captures, given);
    if (typeof piece !== 'object') return piece;
    pieces.push(last ? piece.source : `${piece.source}/`);
  }
  const source = `^${pieces.join('')}(?:/.*)?$`;
  const compiled = new Map<string, RegExp>();
  return {
    captures: [...new Set(captures)],
    source: pieces.join(''),
    match(path: Path, values: Captures = {}) {
      const key = (given ?? []).map((name) => values[name]).join('/');
      const regex = compiled.get(key) ?? new RegExp(filled(source, given ?? [], values));
      compiled.set(key, regex);
      const found = regex.exec(path);
      return found ? { ...found.groups } : undefined;
    },
  };
}

/** One name of a path. Captures of the other pattern stay `<name>` and `<!name>` until their values are known. */
function compilePart(
  part: string,
  captures: string[],
  given: readonly string[] | undefined,
): { readonly source: string } | string {
  let [source, wild, open] = ['', 0, false];
  for (const [token] of part.matchAll(/<!?[^<>]*>|./gs)) {
    const name = /^<!?([a-z][a-zA-Z0-9]*)>$/.exec(token)?.[1];
    if (token === '*' || token === '?') source += token === '*' ? '[^/]*' : '[^/]';
    else if (token === '{' && !open) [source, open] = [`${source}(?:`, true];
    else if (token === '}' && open) [source, open] = [`${source})`, false];
    else if (token === ',' && open) source += '|';
    else if (token === '{' || token === '}') return 'groups in braces are not closed, or within each other';
    else if (name !== undefined && given?.includes(name)) {
      if (token.startsWith('<!') && token !== part) return `${token} stands for a whole name, between slashes`;
      source += token;
    } else if (name !== undefined && !given && !token.startsWith('<!')) {
      if (open) return 'captures cannot be within braces';
      source += captures.includes(name) ? `\\k<${name}>` : `(?<${name}>[^/]+)`;
      captures.push(name);
    } else if (/^<.+>$/.test(token)) {
      return !given ? `${token} is no capture` : `${token} is captured by no pattern of 'from'`;
    } else source += escaped(token);
    if (token === '*' || (name !== undefined && !given)) wild++;
  }
  if (open) return 'groups in braces are not closed, or within each other';
  if (wild > 2) return `more than two of * and <name> are in one name ('${part}')`;
  return { source };
}

const filled = (source: string, given: readonly string[], values: Captures): string =>
  given.reduce((text, name) => {
    const value = escaped(values[name] ?? '');
    return text.replaceAll(`<!${name}>`, () => `(?!${value}(?:/|$))[^/]+`).replaceAll(`<${name}>`, () => value);
  }, source);
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
