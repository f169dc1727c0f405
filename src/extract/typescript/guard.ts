/**
 * Why a text may bring a native parser down (stack overflow kills the process, measured from about 4,000 nested
 * brackets and 2,000 chained calls), by one linear scan; undefined for ordinary text. Strings are not told from code: a
 * false alarm only costs a child process.
 */
export function suspicious(text: string): string | undefined {
  let depth = 0;
  let angle = 0;
  let operators = 0;
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
      case 93: // ]
      case 125: // }
        if (depth > 0) depth--;
        words = 0;
        break;
      case 60: // <
        if (++angle > NESTING) return `type arguments nested deeper than ${NESTING}`;
        break;
      case 62: // >
        if (angle > 0) angle--;
        operators++;
        break;
      case 59: // ;
        angle = operators = words = 0;
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
      case 63: // ?
      case 94: // ^
      case 124: // |
      case 126: // ~
        words = 0;
        if (++operators > OPERATORS) return `more than ${OPERATORS} operators in one statement`;
        break;
      case 32: // space
      case 10: // line feed
        if (++words > WORDS) return `more than ${WORDS} words in a row`;
        break;
    }
  }
  if (text.length > 6 * BRANCHES && (text.match(/\belse\s+if\b/g)?.length ?? 0) > BRANCHES) {
    return `more than ${BRANCHES} branches of else if`;
  }
  return undefined;
}

const NESTING = 200;
const OPERATORS = 4000;
const WORDS = 2000;
const BRANCHES = 500;
