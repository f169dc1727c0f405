import { bytesOf } from '../workspace/text.ts';

/** What a byte may do to the depth of a syntax tree, from 1; 0: nothing. */
const groups = [' \n', '([{', ')', ']', '}', '<', '>', ';', '!#%&*+-./:=?@\\^`|~'];
const [SPACE, OPEN, CLOSE_CALL, CLOSE_LIST, CLOSE_BLOCK, LESS, MORE, SEMICOLON, OPERATOR] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const kinds = new Uint8Array(256);
for (const [i, group] of groups.entries()) for (const one of group) kinds[one.charCodeAt(0)] = i + 1;

/**
 * Why a text may bring a native parser down (a stack overflow kills the process: measured from about 4,000 nested
 * brackets and 2,000 chained calls), by one linear scan of its bytes; undefined for ordinary text. Strings are not told
 * from code: a false alarm only costs a child process. Most of this runs before any compiler has seen it, so what each
 * byte is comes from a table.
 */
export function suspicious(text: string | Uint8Array): string | undefined {
  const bytes = bytesOf(text);
  if (bytes.length > SIZE) return `more than ${SIZE} bytes`;
  let line = 0;
  let longest = 0;
  let depth = 0;
  let angle = 0;
  // Since the last end of a statement: what may nest without brackets (`a.b().c()`, `!!!x`, `if (a) if (b) …`).
  let operators = 0;
  let calls = 0;
  let words = 0;
  for (let i = 0; i < bytes.length; i++) {
    const kind = kinds[bytes[i]!]!;
    if (kind === 0) continue;
    if (kind === SPACE) {
      if (bytes[i] === 10) {
        longest = Math.max(longest, i - line);
        line = i;
      }
      if (++words > WORDS) return `more than ${WORDS} words in a row`;
      continue;
    }
    if (kind !== LESS && kind !== MORE) words = 0;
    if (kind === OPERATOR) {
      if (++operators > OPERATORS) return MANY;
    } else if (kind === OPEN) {
      if (++depth > NESTING) return `nested deeper than ${NESTING}`;
    } else if (kind === CLOSE_CALL) {
      if (depth > 0) depth--;
      if (++calls > CALLS) return `more than ${CALLS} pairs of parentheses in one statement`;
    } else if (kind === SEMICOLON) {
      // Inside of brackets it may be one of `for (;;)`.
      if (bytes[i - 1] !== 40 && bytes[i - 1] !== 59) angle = operators = calls = 0;
    } else if (kind === CLOSE_BLOCK) {
      if (depth > 0) depth--;
      // A brace alone on its line, in the first column, ends a declaration.
      if (bytes[i - 1] === 10 && isLineEnd(bytes[i + 1])) angle = operators = calls = 0;
    } else if (kind === CLOSE_LIST) {
      if (depth > 0) depth--;
      if (++operators > OPERATORS) return MANY;
    } else if (kind === LESS) {
      if (++angle > NESTING) return `type arguments nested deeper than ${NESTING}`;
    } else {
      if (angle > 0) angle--;
      if (++operators > OPERATORS) return MANY;
    }
  }
  longest = Math.max(longest, bytes.length - line);
  if (bytes.length * longest > QUOTED) return `a line of ${longest} bytes`;
  if (bytes.length <= 8 * BRANCHES) return undefined;
  // As bytes: the words that count are ASCII, and this is no copy of the text.
  const branches =
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
      .toString('latin1')
      .match(/\belse\s+if\b|\bcase\b/g)?.length ?? 0;
  return branches > BRANCHES ? `more than ${BRANCHES} branches` : undefined;
}

const isLineEnd = (byte: number | undefined): boolean => byte === 10 || byte === 13 || byte === undefined;

/** Each error of a file costs the time to count its lines: a statement that lacks a value, repeated 200,000 times, 40 s. */
const SIZE = 300_000;
/** Each error quotes its line: one line of 30,000 bytes full of errors takes 1 GB, twice that ends the process. */
const QUOTED = 400_000_000;
const NESTING = 200;
const CALLS = 800;
const OPERATORS = 3000;
const WORDS = 1500;
const BRANCHES = 500;
const MANY = `more than ${OPERATORS} operators in one statement`;
