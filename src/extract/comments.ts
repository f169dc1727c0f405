import type { Span } from '../model/facts.ts';
import type { Emit } from './language.ts';
import { SUPPRESSION, suppressionIn } from './suppression.ts';
import type { SyntaxNode } from './tree-sitter/syntax.ts';

/** Accepted findings written in comments; `comments` is only asked for where the text has one at all. */
export function emitSuppressions(text: string, emit: Emit, comments: () => Iterable<Span>): void {
  if (!text.includes(SUPPRESSION)) return;
  for (const span of comments()) {
    const inside = text.slice(...span).replace(/^(?:#|\/\/|\/\*)|\*\/$/g, '');
    const found = suppressionIn(inside, span, text);
    if (found) emit('suppression', span, found);
  }
}

/** `# …` of YAML, Dockerfiles and env files: at the start of a line or after a space. */
export function hashComments(text: string): Span[] {
  return [...text.matchAll(/(?<=^|\s)#.*/gm)].map(({ 0: comment, index }) => [index, index + comment.trimEnd().length]);
}

/** Comments of a tree-sitter tree: real ones, not what looks like one inside a string. */
export function syntaxComments(root: SyntaxNode): Span[] {
  const found: Span[] = [];
  const open = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (/^(?:line_|block_)?comment$/.test(node.type)) found.push(node.span);
    open.push(...node.children);
  }
  return found.sort((a, b) => a[0] - b[0]);
}
