import { describe, expect, it } from 'vitest';
import { type Boundary, type BoundaryTarget, crosses, isPackage } from './boundary.ts';

it.each([
  ['pg', 'pg', true],
  ['pg', 'pg/lib/pool', true],
  ['pg', 'pg-boss', false],
  ['@nestjs/*', '@nestjs/core', true],
  ['@nestjs/*', '@nestjsx/crud', false],
  ['node:*', 'node:fs', true],
])('the pattern %s and the package %s', (pattern, spec, means) => expect(isPackage(pattern, spec)).toBe(means));

describe('a boundary', () => {
  /** About files `<module>/…`; speaks of files in `shared/`. */
  const boundary = (verb: Boundary['verb']): Boundary => ({
    verb,
    reason: '',
    place: { file: '' },
    about: '',
    to: {
      text: '',
      kinds: new Set(['path']),
      matches: (target) => 'path' in target && target.path.startsWith('shared/'),
    },
    from: (path) => (path.startsWith('shared/') ? undefined : { module: path.split('/')[0]! }),
  });
  const crossed = (verb: Boundary['verb'], target: BoundaryTarget) =>
    crosses(boundary(verb), { module: 'orders' }, target);
  it('that forbids is crossed by what it names', () => {
    expect(crossed('forbid', { path: 'shared/a.ts' })).toBe(true);
    expect(crossed('forbid', { path: 'catalog/a.ts' })).toBe(false);
  });
  it.each<[BoundaryTarget, boolean]>([
    [{ path: 'shared/a.ts' }, false],
    [{ path: 'orders/b.ts' }, false],
    [{ path: 'catalog/a.ts' }, true],
    [{ package: 'pg' }, false],
    [{ deployable: 'api' }, false],
  ])('that allows only files: %j', (target, expected) => expect(crossed('allowOnly', target)).toBe(expected));
});
