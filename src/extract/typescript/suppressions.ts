import type { FactMap, Span } from '../../model/facts.ts';
import { suppressionIn } from '../suppression.ts';
import type { Comment } from './parse.ts';

/** Accepted findings written in real comments: the same words in a string or a template are nothing. */
export function* suppressionsIn(comments: readonly Comment[], text: string): Iterable<[Span, FactMap['suppression']]> {
  for (const { span, text: comment } of comments) {
    const found = suppressionIn(comment, span, text);
    if (found) yield [span, found];
  }
}
