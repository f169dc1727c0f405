import { describe, expect, it } from 'vitest';
import { compilePattern } from './pattern.ts';
import { matcher } from './patterns.ts';

const matches = (text: string, path: string) => {
  const pattern = compilePattern(text);
  if (typeof pattern === 'string') throw new Error(pattern);
  return pattern.match(path);
};

describe('a pattern', () => {
  it.each([
    ['src', 'src/a.ts'],
    ['src/a.ts', 'src/a.ts'],
    ['src/*/b', 'src/a/b/c/d.ts'],
    ['src/**/b.ts', 'src/b.ts'],
    ['src/**/b.ts', 'src/a/c/b.ts'],
    ['**', 'a/b.ts'],
    ['src/**', 'src/a/b.ts'],
    ['src/{a,b}/*.ts', 'src/b/x.ts'],
    ['app/(group)/[id]/+page.ts', 'app/(group)/[id]/+page.ts'],
    ['./src/?.ts', 'src/a.ts'],
    ['<m>/to/<m>', 'a/to/a/x.ts'],
    ['<m>.service.ts', 'order.service.ts'],
  ])('%s matches %s', (text, path) => expect(matches(text, path)).toBeDefined());

  it.each([
    ['src', 'srcs/a.ts'],
    ['src/*', 'a/src/b.ts'],
    ['src/*/b.ts', 'src/a/c/b.ts'],
    ['src/{a,b}.ts', 'src/c.ts'],
    ['src/a.ts', 'src/axts'],
    ['src/?.ts', 'src/ab.ts'],
    ['<m>/to/<m>', 'a/to/b/x.ts'],
  ])('%s does not match %s', (text, path) => expect(matches(text, path)).toBeUndefined());

  it('captures, and uses what another one captured', () => {
    expect(matches('modules/<m>/src/<layer>', 'modules/orders/src/app/a.ts')).toEqual({ m: 'orders', layer: 'app' });
    const same = compilePattern('modules/<m>/src', ['m']);
    const other = compilePattern('modules/<!m>/src', ['m']);
    if (typeof same === 'string' || typeof other === 'string') throw new Error('refused');
    expect(same.match('modules/orders/src/a.ts', { m: 'orders' })).toBeDefined();
    expect(same.match('modules/orders/src/a.ts', { m: 'order' })).toBeUndefined();
    expect(other.match('modules/orders/src/a.ts', { m: 'order' })).toBeDefined();
    expect(other.match('modules/orders/src/a.ts', { m: 'orders' })).toBeUndefined();
    expect(same.match('modules/a+b/src/a.ts', { m: 'a+b' })).toBeDefined();
  });

  it.each([
    ['^modules/[^/]+/src', 'regular expression'],
    ['src/.+/b', 'regular expression'],
    ['src/\\w', 'regular expression'],
    ['src/a$', 'regular expression'],
    ['/src', 'relative to the root'],
    ['../src', 'relative to the root'],
    ['', 'relative to the root'],
    ['src/{a,{b,c}}', 'braces'],
    ['src/{a', 'braces'],
    ['src/a}', 'braces'],
    ['src/{<m>,b}', 'captures cannot be within braces'],
    ['src/<!m>/a', 'is no capture'],
    ['src/<M-1>/a', 'is no capture'],
    ['**/a/**/b/**/c/**', 'more than three'],
    ['*a*a*', 'more than two'],
    ['<a><b><c>', 'more than two'],
  ])('%s is refused: %s', (text, why) => expect(compilePattern(text)).toContain(why));

  it('of the other side is refused where nothing captures what it names', () => {
    expect(compilePattern('modules/<n>/src', ['m'])).toContain('captured by no pattern');
    expect(compilePattern('modules/x-<!m>/src', ['m'])).toContain('stands for a whole name');
  });

  it('is matched in time that does not explode', () => {
    const pattern = compilePattern('**/a*a/**/b*b/**/c*c');
    if (typeof pattern === 'string') throw new Error(pattern);
    const path = `${`${'a'.repeat(60)}/${'b'.repeat(60)}/`.repeat(8)}x`;
    const before = process.cpuUsage().user;
    for (let i = 0; i < 20; i++) expect(pattern.match(path)).toBeUndefined();
    expect(process.cpuUsage().user - before).toBeLessThan(2_000_000);
  });
});

it('a star of a setting matches names that begin with a dot as well', () => {
  const matches = matcher(['ci/*', '**/old.ts']);
  expect(['ci/.env', '.github/old.ts', 'ci/a/b', 'old.tsx'].map(matches)).toEqual([true, true, false, false]);
});
