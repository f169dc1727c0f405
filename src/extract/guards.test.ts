import { describe, expect, it } from 'vitest';
import { unusual } from './guard.ts';
import { suspicious } from './typescript/guard.ts';
import { bytesOf } from './workspace/text.ts';

/** At the limit a text is ordinary; one more of the same is not. */
const limits =
  (guard: (text: string) => string | undefined) => (_: string, one: string, limit: number, why: string) => {
    expect(guard(one.repeat(limit))).toBeUndefined();
    expect(guard(one.repeat(limit + 1))).toContain(why);
  };

describe('source files are read in a child process when they have too many', () => {
  it.each([
    ['parentheses', '(', 200, 'nested deeper'],
    ['brackets', '[', 200, 'nested deeper'],
    ['braces', '{', 200, 'nested deeper'],
    ['type arguments', 'A<', 200, 'type arguments'],
    ['calls', '()', 800, 'pairs of parentheses'],
    ['operators', '!', 3000, 'operators'],
    ['indexes', '[]', 3000, 'operators'],
    ['words', 'a ', 1500, 'words'],
    ['branches', 'case 1:\n', 500, 'branches'],
    ['bytes', '0;\n', 100_000, 'more than'],
  ])('%s', limits(suspicious));
  it('but not when they are spread over statements', () => {
    expect(suspicious('f(a.b().c());\n'.repeat(3000))).toBeUndefined();
    expect(suspicious('function f() {\n  return a.b(c => !c)\n}\n'.repeat(3000))).toBeUndefined();
  });
});

describe('other files are read in a child process when they have too many', () => {
  it.each([
    ['parentheses', '(', 200, 'nested deeper'],
    ['brackets', '[', 200, 'nested deeper'],
    ['braces', '{', 200, 'nested deeper'],
    ['bytes in a line', '#', 5000, 'a line of'],
    ['backslashes', '\\\n', 1000, 'backslashes'],
    ['bytes', '\n', 200_000, 'more than'],
  ])(
    '%s',
    limits((text) => unusual(bytesOf(text))),
  );
});
