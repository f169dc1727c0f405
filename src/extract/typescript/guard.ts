/**
 * Why a text may bring a native parser down (a stack overflow kills the process: measured from about 4,000 nested
 * brackets and 2,000 chained calls), by one linear scan; undefined for ordinary text. Strings are not told from code: a
 * false alarm only costs a child process.
 */
export function suspicious(text: string): string | undefined {
  let depth = 0;
  let angle = 0;
  // Since the last end of a statement: what may nest without brackets (`a.b().c()`, `!!!x`, `if (a) if (b) …`).
  let operators = 0;
  let calls = 0;
  let words = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case 40: // (
      case 91: // [
      case 123: // {
        words = 0;
        if (++depth > NESTING) return `nested deeper than ${NESTING}`;
        break;
      case 41: // )
        words = 0;
        if (depth > 0) depth--;
        if (++calls > CALLS) return `more than ${CALLS} pairs of parentheses in one statement`;
        break;
      case 93: // ]
        words = 0;
        if (depth > 0) depth--;
        if (++operators > OPERATORS) return MANY;
        break;
      case 125: // }
        words = 0;
        if (depth > 0) depth--;
        // A brace alone on its line, in the first column, ends a declaration.
        if (text.charCodeAt(i - 1) === 10 && isLineEnd(text.charCodeAt(i + 1))) angle = operators = calls = 0;
        break;
      case 60: // <
        if (++angle > NESTING) return `type arguments nested deeper than ${NESTING}`;
        break;
      case 62: // >
        if (angle > 0) angle--;
        if (++operators > OPERATORS) return MANY;
        break;
      case 59: // ;
        words = 0;
        // Inside of brackets it may be one of `for (;;)`.
        if (text.charCodeAt(i - 1) !== 40 && text.charCodeAt(i - 1) !== 59) angle = operators = calls = 0;
        break;
      case 33: // !
      case 37: // %
      case 38: // &
      case 42: // *
      case 43: // +
      case 45: // -
      case 46: // .
      case 47: // /
      case 58: // :
      case 61: // =
      case 63: // ?
      case 94: // ^
      case 96: // `
      case 124: // |
      case 126: // ~
        words = 0;
        if (++operators > OPERATORS) return MANY;
        break;
      case 32: // space
      case 10: // line feed
        if (++words > WORDS) return `more than ${WORDS} words in a row`;
        break;
    }
  }
  const branches = text.length > 8 * BRANCHES ? (text.match(/\belse\s+if\b|\bcase\b/g)?.length ?? 0) : 0;
  return branches > BRANCHES ? `more than ${BRANCHES} branches` : undefined;
}

const isLineEnd = (code: number): boolean => code === 10 || code === 13 || Number.isNaN(code);

const NESTING = 200;
const CALLS = 800;
const OPERATORS = 3000;
const WORDS = 1500;
const BRANCHES = 500;
const MANY = `more than ${OPERATORS} operators in one statement`;
