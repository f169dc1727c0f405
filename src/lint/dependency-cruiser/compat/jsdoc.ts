import type { Node, Parsed } from '../../../extract/typescript/parse.ts';
import { list } from '../../../extract/typescript/syntax.ts';
import type { RawImport } from './imports.ts';

/**
 * Imports of types in documentation comments (`@import … from 'x'`, `{import('x').T}`). The compiler reads a comment only
 * where it belongs to something, and by a grammar of its own: what is not plainly one of the usual forms is `unclear`, and
 * the file is left to the compiler.
 */
export function jsDocImports({ comments, program, text }: Parsed): readonly RawImport[] | 'unclear' {
  const documenting = comments.filter(
    (comment) => comment.text.startsWith('*') && comment.text.length > 1 && /\bimport\b/.test(comment.text),
  );
  if (documenting.length === 0) return [];
  const starts = new Set(
    list(program.body)
      .filter(({ type }) => /Declaration$|^Function|^Class|^ExpressionStatement$/.test(type))
      .map((statement: Node) => statement.start as number),
  );
  const found: RawImport[] = [];
  for (const { span, text: comment } of documenting) {
    const next = afterTrivia(text, span[1]);
    const imports = next === text.length || starts.has(next) ? fromComment(comment) : 'unclear';
    if (imports === 'unclear') return imports;
    found.push(...imports);
  }
  return found;
}

function afterTrivia(text: string, from: number): number {
  const trivia = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
  trivia.lastIndex = from;
  trivia.exec(text);
  return trivia.lastIndex;
}

function fromComment(comment: string): readonly RawImport[] | 'unclear' {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\**[ \t]?/, '').trim());
  if (lines.some(hasInnerTag)) return 'unclear';
  const tags = tagsOf(lines);
  const tagged = tags.filter(({ body }) => /\bimport\b/.test(body));
  const importing = tags.flatMap(({ name, body }) => (name === 'import' ? [fromImportTag(body)] : []));
  const inBraces = tagged.flatMap((tag) => (tag.name === 'import' ? [] : [fromTypeTag(tag, tags)]));
  const all = [...importing, ...inBraces];
  return all.some((each) => each === 'unclear') ? 'unclear' : (all as RawImport[][]).flat();
}

/** Inside of a line, the compiler takes some `@` for tags; in quotes it is the name of a package. */
function hasInnerTag(line: string): boolean {
  for (let at = line.indexOf('@', 1); at !== -1; at = line.indexOf('@', at + 1)) {
    if (!/['"`]/.test(line[at - 1]!)) return true;
  }
  return false;
}

interface Tag {
  readonly name: string;
  readonly body: string;
}
/** A tag starts a line and ends where the next one starts. */
function tagsOf(lines: readonly string[]): Tag[] {
  const tags: { name: string; body: string }[] = [];
  for (const line of lines) {
    const [, name, rest] = /^@(\w+)(.*)$/.exec(line) ?? [];
    if (name !== undefined) tags.push({ name, body: rest!.trim() });
    else if (tags.length > 0) tags.at(-1)!.body += `\n${line}`;
  }
  return tags;
}

const jsDoc = (module: string, kind: 'jsdoc-import-tag' | 'jsdoc-bracket-import'): RawImport => ({
  dynamic: false,
  module,
  moduleSystem: 'es6',
  exoticallyRequired: false,
  dependencyTypes: ['type-only', 'import', 'jsdoc', kind],
});

function fromImportTag(body: string): RawImport[] | 'unclear' {
  const names = /^(?:[\w$]+|\*\s*as\s+[\w$]+|(?:[\w$]+\s*,\s*)?\{[\w$\s,]*\})\s+from\s*/.exec(body)?.[0];
  if (names === undefined) return /['"`]/.test(body) ? 'unclear' : [];
  const rest = body.slice(names.length);
  const [, , module] = /^(['"])([^'"\n]+)\1/.exec(rest) ?? [];
  if (module !== undefined) return [jsDoc(module, 'jsdoc-import-tag')];
  return /['"`]/.test(rest) ? 'unclear' : [];
}

const typed = new Set(['type', 'param', 'arg', 'argument', 'return', 'returns', 'satisfies', 'typedef']);
function fromTypeTag({ name, body }: Tag, all: readonly Tag[]): RawImport[] | 'unclear' {
  // A description that speaks of imports; properties of a type definition are nested, and the original looks at none.
  if (!/\bimport\s*\(/.test(body)) return [];
  const nested = all.some(
    (tag) => /^(?:property|prop|callback)$/.test(tag.name) || /^(?:\{[^}]*\}\s*)?\[?\w+\./.test(tag.body),
  );
  const braces = /^\{([^{}]*)\}/.exec(body)?.[1];
  if (!typed.has(name) || nested || braces === undefined || /\bimport\s*\(/.test(body.slice(braces.length + 2)))
    return 'unclear';
  const imports = [...braces.matchAll(/(?<![\w$.])import\((['"])([^'"\n]+)\1\)/g)].map(([, , module]) => module!);
  if (imports.length !== (braces.match(/(?<![\w$])import\b/g)?.length ?? 0)) return 'unclear';
  return [...new Set(imports)].map((module) => jsDoc(module, 'jsdoc-bracket-import'));
}
