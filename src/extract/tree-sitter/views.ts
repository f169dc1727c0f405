import type { Span, Sym, Value } from '../../model/facts.ts';
import type { CallView, Expr, Recogniser, Views } from '../language.ts';
import type { SyntaxNode } from './syntax.ts';

export const unknown: Value = { k: 'unknown' };
export const lit = (v: string | number | boolean | null): Value => ({ k: 'lit', v });

/** An expression without properties of its own that a recogniser could ask for. */
export const opaque = (span: Span, is: Expr['is'], value: () => Value): Expr => ({
  span,
  is,
  value,
  prop: () => (is === 'literal' ? 'absent' : 'unknown'),
});

/** A call or creation as recognisers see it: `given` are its arguments by position, `target` is where its value goes. */
export const callOf = (
  { span }: Pick<SyntaxNode, 'span'>,
  names: Pick<CallView, 'callee' | 'receiver' | 'receiverType'>,
  target: Sym | undefined,
  given: readonly SyntaxNode[],
  exprOf: (node: SyntaxNode) => Expr,
): CallView => ({
  span,
  ...names,
  ...(target && { assignedTo: target }),
  arg: (i) => given[i] && exprOf(given[i]),
});

/** A symbol one step further: `a` and `b` give `a.b`. */
export const member = (of: Sym, name: string): Sym => ({ ...of, path: [...of.path, name] });
/** The result of calling a symbol. */
export const result = (of: Sym): Sym => member(of, '()');

export type Handlers = { readonly [V in keyof Views]: readonly NonNullable<Recogniser['on'][V]>[] };

/** The recognisers whose gate this file passes, by the view that they want. */
export function admitted(
  recognisers: readonly Recogniser[],
  text: string,
  imports: (spec: string) => boolean,
): Handlers {
  const open = recognisers.filter(
    ({ when }) => (when.text?.test(text) ?? true) && (when.imports?.some(imports) ?? true),
  );
  const of = <V extends keyof Views>(view: V) =>
    open.map(({ on }) => on[view]).filter((handler) => handler !== undefined) as NonNullable<Recogniser['on'][V]>[];
  return { call: of('call'), create: of('create'), annotation: of('annotation'), assign: of('assign') };
}
