import type { Span } from '../model/facts.ts';

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

export function positionOf(text: string, offset: number): Position {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, column: offset - start + 1 };
}

/** The line of a span, with a marker under what of it the span covers. */
export function codeFrame(text: string, [start, end]: Span): readonly [code: string, marker: string] {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const stop = text.indexOf('\n', start);
  const line = text.slice(from, stop === -1 ? text.length : stop).replace(/\r$/, '');
  const code = line.length > WIDTH ? `${line.slice(0, WIDTH)}…` : line;
  const width = Math.max(1, Math.min(end, from + code.length) - start);
  const indent = code.slice(0, start - from).replace(/[^\t]/g, ' ');
  return [code, `${indent}${'^'.repeat(width)}`];
}
const WIDTH = 160;
