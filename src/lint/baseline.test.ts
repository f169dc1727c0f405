import { describe, expect, it } from 'vitest';
import { lintOf } from '../../test/support/lint.ts';
import { memoryWorkspace } from '../extract/workspace/memory.ts';
import { KnownError } from '../model/known-error.ts';
import { readBaseline, updateBaseline } from './baseline.ts';

/** Two modules; orders reaches into catalog once for each import that is given. */
function shop(imports: readonly string[], extra: Readonly<Record<string, string>> = {}) {
  return memoryWorkspace(
    Object.entries({
      'architecture.yaml':
        'version: 1\nname: shop\nmodules:\n  catalog: { path: modules/catalog }\n  orders: { path: modules/orders, uses: [catalog] }\n',
      'modules/catalog/src/contract.ts': 'export const a = 1;\n',
      'modules/catalog/src/infra/a.ts': 'export const a = 1;\n',
      'modules/catalog/src/infra/b.ts': 'export const b = 1;\n',
      'modules/orders/src/contract.ts': imports.map((path) => `import '../../catalog/src/${path}';\n`).join(''),
      ...extra,
    }),
  );
}
async function accepted(imports: readonly string[], shrink = false, before = {}) {
  const workspace = shop(imports, before);
  const update = updateBaseline(await lintOf(workspace), readBaseline(workspace), { shrink });
  return { ...update, files: Object.fromEntries(update.files) as Record<string, string> };
}
const file = '.scalable-backend/baseline/orders.json';

describe('a baseline', () => {
  it('has one file for each module, and accepts exactly what was found', async () => {
    const { files, added, removed } = await accepted(['infra/a.ts']);
    expect(files).toEqual({
      [file]: `${JSON.stringify({ version: 1, accepted: { 'module-boundary': ['orders:contract.ts>catalog:a.ts'] } }, null, 2)}\n`,
    });
    expect([added, removed]).toEqual([1, 0]);
    const report = await lintOf(shop(['infra/a.ts'], files));
    expect([report.findings, report.accepted.length, report.exitCode]).toEqual([[], 1, 0]);
  });

  it('does not accept another violation beside an accepted one, wherever its lines are', async () => {
    const { files } = await accepted(['infra/a.ts']);
    const report = await lintOf(shop(['infra/b.ts', 'infra/a.ts'], files));
    expect(report.findings.map(({ atoms }) => atoms)).toEqual([['orders:contract.ts>catalog:b.ts']]);
    expect(report.exitCode).toBe(1);
  });

  it('is wrong about a violation that is gone, so that it cannot come back unseen', async () => {
    const { files } = await accepted(['infra/a.ts', 'infra/b.ts']);
    const report = await lintOf(shop(['infra/b.ts'], files));
    expect(report.findings.map(({ rule, message }) => [rule, message])).toEqual([
      ['baseline', "'orders:contract.ts>catalog:a.ts' is accepted for module-boundary, and no longer there."],
    ]);
    const [{ path, span }] = report.findings[0]!.at;
    expect(report.source(path).slice(...span)).toBe('"orders:contract.ts>catalog:a.ts"');
    expect(report.exitCode).toBe(1);
    const shrunk = await accepted(['infra/b.ts'], false, files);
    expect([shrunk.added, shrunk.removed]).toEqual([0, 1]);
    const again = await lintOf(shop(['infra/a.ts', 'infra/b.ts'], shrunk.files));
    expect(again.findings.map(({ atoms }) => atoms)).toEqual([['orders:contract.ts>catalog:a.ts']]);
  });

  it('only shrinks where growing is not allowed', async () => {
    const { files } = await accepted(['infra/a.ts']);
    const grown = await accepted(['infra/a.ts', 'infra/b.ts'], true, files);
    expect(grown).toEqual({ files, added: 0, removed: 0 });
    const emptied = await accepted([], true, files);
    expect(emptied).toEqual({ files: { [file]: undefined }, added: 0, removed: 1 });
  });

  it('counts: a call that is accepted once is not accepted twice', async () => {
    const call = "fetch('https://example.com');\n";
    const workspace = (calls: number, extra = {}) =>
      memoryWorkspace(Object.entries({ 'package.json': '{"name":"a"}', 'src/index.ts': call.repeat(calls), ...extra }));
    const once = workspace(1);
    const { files } = updateBaseline(await lintOf(once), readBaseline(once), { shrink: false });
    const timeouts = async (calls: number) =>
      (await lintOf(workspace(calls, Object.fromEntries(files)))).findings.filter(
        ({ rule }) => rule === 'missing-timeout',
      ).length;
    expect([await timeouts(1), await timeouts(2)]).toEqual([0, 1]);
  });

  it('reports of a ring that grew what is new in it', async () => {
    const ring = (extra: Readonly<Record<string, string>>) =>
      memoryWorkspace(
        Object.entries({
          'architecture.yaml':
            'version: 1\nname: shop\nmodules:\n  a: { path: a, public: ["**"], uses: [b, c] }\n  b: { path: b, public: ["**"], uses: [a, c] }\n  c: { path: c, public: ["**"], uses: [a, b] }\n',
          'a/x.ts': "import '../b/x.ts';\n",
          'b/x.ts': "import '../a/x.ts';\n",
          'c/x.ts': 'export {};\n',
          ...extra,
        }),
      );
    const before = ring({});
    const { files } = updateBaseline(await lintOf(before), readBaseline(before), { shrink: false });
    const cycles = async (extra: Readonly<Record<string, string>>) =>
      (await lintOf(ring({ ...Object.fromEntries(files as Map<string, string>), ...extra }))).findings.filter(
        ({ rule }) => rule === 'cyclic-dependency',
      );
    expect(await cycles({})).toEqual([]);
    const [grown] = await cycles({ 'b/y.ts': "import '../c/x.ts';\n", 'c/x.ts': "import '../a/x.ts';\n" });
    expect(grown?.fails).toBe(true);
    expect(grown?.added?.length).toBeGreaterThan(0);
    expect(grown?.added?.length).toBeLessThan(grown?.atoms.length ?? 0);
  });

  it.each([
    ['{', 'JSON'],
    ['{"version":2,"accepted":{}}', 'version'],
    ['{"version":1,"accepted":{"a":[1]}}', 'atom'],
  ])('that is not well formed is an error: %s', async (text, why) => {
    const failure = lintOf(shop([], { [file]: text }));
    await expect(failure).rejects.toThrow(KnownError);
    await expect(failure).rejects.toThrow(why);
  });
});
