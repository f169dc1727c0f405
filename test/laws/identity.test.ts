import { describe, expect, it } from 'vitest';
import { memoryWorkspace } from '../../src/extract/workspace/memory.ts';
import type { Path } from '../../src/model/facts.ts';
import { blueprintOf, graphs, monoliths, planOf } from '../support/blueprints.ts';
import { lintOf, workspaceOf } from '../support/lint.ts';
import { injections } from './injections.ts';

const decoder = new TextDecoder();
const full = monoliths.find(({ choices }) => choices.cache === 'redis' && choices.deploy.includes('compose'))!;
const blueprint = blueprintOf(full, graphs[1]!);
const planned = workspaceOf(planOf(blueprint));

/** A system with a violation of every rule at once, in its first form, as text by path. */
function violated(): Map<Path, string> {
  const files = new Map([...planned.files.keys()].map((path) => [path, decoder.decode(planned.read(path))]));
  const text = (path: Path) => files.get(path) ?? '';
  const user = blueprint.modules.find(({ uses }) => uses.length > 0)!;
  const seen = new Set<string>();
  for (const [index, injection] of injections({
    a: user.uses[0]!,
    b: user.name,
    scope: blueprint.name,
    text,
  }).entries()) {
    if (seen.has(injection.rule) || injection.rule === 'no-health-check') continue;
    seen.add(injection.rule);
    // Several go into one file name; each keeps its own.
    for (const [path, content] of injection.changes)
      files.set(path.replace('injected.', `injected-${index}.`), content ?? '');
  }
  files.set(`modules/${user.name}/src/app/two.ts`, two);
  return files;
}
const two = `export function first(url: string) {
  return fetch(url);
}
export function second(url: string) {
  return [fetch(url), fetch('http://10.9.8.7:80/x')];
}
`;

async function atoms(files: ReadonlyMap<Path, string>): Promise<string[]> {
  const report = await lintOf(memoryWorkspace(files));
  return report.findings.flatMap(({ rule, atoms: own }) => own.map((atom) => `${rule} ${atom}`)).sort();
}
const isCode = (path: Path) => /\.[cm]?[jt]s$/.test(path);
const mapped = (change: (text: string, path: Path) => string) =>
  new Map([...violated()].map(([path, text]) => [path, change(text, path)] as const));

describe('law 5: what a finding is does not depend on where it stands', () => {
  it.each<[string, (files: Map<Path, string>) => ReadonlyMap<Path, string>]>([
    ['moved lines', () => mapped((text, path) => (isCode(path) ? `// one\n\n/* two\n lines */\n\n${text}` : text))],
    ['indented', () => mapped((text, path) => (isCode(path) ? text.replace(/^(?=\S)/gm, '    ') : text))],
    ['carriage returns', () => mapped((text) => text.replace(/\n/g, '\r\n'))],
    ['a byte order mark', () => mapped((text, path) => (isCode(path) ? `\uFEFF${text}` : text))],
    [
      'reordered functions',
      (files) =>
        new Map([
          ...files,
          [
            [...files.keys()].find((path) => path.endsWith('/two.ts'))!,
            two
              .split(/(?<=^\}\n)/m)
              .reverse()
              .join(''),
          ],
        ]),
    ],
    [
      'a renamed folder of modules',
      (files) =>
        new Map(
          [...files].map(([path, text]) => [
            path.replace(/^modules\//, 'contexts/'),
            /(?:^|\/)(?:architecture\.yaml|package\.json|tsconfig\.json)$/.test(path)
              ? text.replaceAll('modules/', 'contexts/')
              : text,
          ]),
        ),
    ],
    [
      'renamed folders inside a module',
      (files) =>
        new Map(
          [...files].map(([path, text]) => [
            path.replace('/src/infra/', '/src/storage/').replace('/src/app/', '/src/cases/'),
            text
              .replaceAll('/infra/', '/storage/')
              .replaceAll('/app/', '/cases/')
              .replace(',infra,app}', ',storage,cases}'),
          ]),
        ),
    ],
  ])('%s', async (_, change) => {
    const before = await atoms(violated());
    expect(before.length).toBeGreaterThanOrEqual(9);
    expect(await atoms(change(violated()))).toEqual(before);
  });

  it('a violation more is an atom more, and one that was repaired is gone', async () => {
    const files = violated();
    const path = [...files.keys()].find((each) => each.endsWith('/two.ts'))!;
    const before = await atoms(files);
    files.set(path, two.replace('return fetch(url);', 'return [fetch(url), fetch(url)];'));
    expect(await atoms(files)).toHaveLength(before.length + 1);
    files.set(path, two.replace('fetch(url);', 'fetch(url, { signal: AbortSignal.timeout(1) });'));
    expect(await atoms(files)).toHaveLength(before.length - 1);
  });
});
