import type { ExtractedFile } from '../../model/facts.ts';
import { type Collector, collector } from '../collect.ts';
import { emitSuppressions, syntaxComments } from '../comments.ts';
import type { Source } from '../language.ts';
import { textOf } from '../workspace/text.ts';
import { type GrammarName, grammarOf, type SyntaxNode } from './syntax.ts';

/** Facts of one file: its suppressions, what `read` sees in its tree, and a gap for what is too deep or not understood. */
export function treeFacts(
  { path, bytes }: Source,
  grammar: GrammarName,
  title: string,
  read: (root: SyntaxNode, text: string, out: Collector) => void,
): ExtractedFile {
  const text = textOf(bytes);
  const out = collector(path);
  const parsed = grammarOf(grammar).parse(text);
  if (parsed === 'too-deep') {
    out.gap('too-deep', 'nested too deeply to walk');
    return out.finish();
  }
  if (parsed.error) out.gap('parse', `not understood as ${title}`, parsed.error);
  emitSuppressions(text, out.emit, () => syntaxComments(parsed.root));
  read(parsed.root, text, out);
  return out.finish();
}
