import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/catalogue.gen.ts';
import { extractors, lintOf } from '../../test/support/lint.ts';
import { memoryWorkspace } from '../extract/workspace/memory.ts';
import { lint } from './lint.ts';
import { ownersIn } from './owners.ts';

describe('lines that mean nothing', () => {
  it.each(['/', '//', '/ @a'])("'%s' owns nothing", (line) => {
    expect(ownersIn(`* @all\n${line}\n`).of('a.ts')).toEqual(['@all']);
  });
});

describe('CODEOWNERS', () => {
  it.each([
    ['* @all', 'a/b.ts', ['@all']],
    ['*.ts @ts\n*.js @js', 'a/b.ts', ['@ts']],
    ['* @all\n/src/ @src', 'src/a/b.ts', ['@src']],
    ['* @all\n/src/ @src', 'packages/src/b.ts', ['@all']],
    ['apps/ @apps', 'x/apps/y/z.ts', ['@apps']],
    ['docs/* @docs', 'docs/a.md', ['@docs']],
    ['docs/* @docs', 'docs/a/b.md', []],
    ['/docs @docs', 'docs/a/b.md', ['@docs']],
    ['**/logs @ops', 'build/logs/x.ts', ['@ops']],
    ['/src/**/infra @infra @more', 'src/a/b/infra/c.ts', ['@infra', '@more']],
    ['* @all\n/src/free', 'src/free/a.ts', []],
    ['# * @none\n* @all # a comment', 'a.ts', ['@all']],
    ['/my\\ folder/ @space', 'my folder/a.ts', ['@space']],
    ['[Backend][2] @back\n/src/\n/lib/ @lib', 'src/a.ts', ['@back']],
    ['/app/[id]/ @web', 'app/[id]/page.ts', ['@web']],
  ])('%j gives %s to %j', (text, path, owners) => {
    expect(ownersIn(text).of(path)).toEqual(owners);
  });
});

describe('findings', () => {
  const workspace = memoryWorkspace([
    ['package.json', '{"name":"a"}'],
    ['.github/CODEOWNERS', '/src/a.ts @a\n/src/b.ts @b\n'],
    ['src/index.ts', "import './a.ts';\nimport './b.ts';\n"],
    ['src/a.ts', "fetch('https://example.com');\n"],
    ['src/b.ts', "fetch('https://example.com');\n"],
  ]);
  const of = (owner: string) =>
    lint({ workspace, extractors, rules, only: ['missing-timeout'], today: '2026-11-22', owner });

  it('have the owners of their first place', async () => {
    const { findings } = await lintOf(workspace);
    const timeouts = findings.filter(({ rule }) => rule === 'missing-timeout');
    expect(timeouts.map(({ owners }) => owners)).toEqual([['@a'], ['@b']]);
  });
  it('are reported for one owner', async () => {
    const { findings } = await of('@b');
    expect(findings.map(({ at: [{ path }] }) => path)).toEqual(['src/b.ts']);
  });
  it('cannot be asked for with a name that owns nothing', async () => {
    await expect(of('@c')).rejects.toThrow("CODEOWNERS does not name '@c'");
  });
});
