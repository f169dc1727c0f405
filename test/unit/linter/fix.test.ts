import { describe, expect, it } from 'vitest';
import { memoryWorkspace } from '../../../src/extract/workspace/memory.ts';
import { planFixes } from '../../../src/lint/fix/fix.ts';
import { lintOf } from '../../support/lint.ts';

async function fixed(files: Readonly<Record<string, string>>) {
  const workspace = memoryWorkspace(Object.entries(files));
  const plan = await planFixes(await lintOf(workspace));
  const texts = new Map(plan.files.map(({ path, text }) => [path, text]));
  const after = await lintOf(workspace, texts);
  return {
    texts,
    left: plan.left.map(({ why }) => why),
    after: after.findings.filter(({ rule }) => rule === 'missing-timeout').length,
  };
}

describe('--fix', () => {
  it.each([
    ['no options', 'fetch(url)', 'fetch(url, { signal: AbortSignal.timeout(5_000) })'],
    [
      'options in place',
      "fetch(url, { method: 'POST' })",
      "fetch(url, { method: 'POST', signal: AbortSignal.timeout(5_000) })",
    ],
    ['an empty object', 'fetch(url, {})', 'fetch(url, { signal: AbortSignal.timeout(5_000) })'],
    [
      'an option that is none',
      'fetch(url, { signal: undefined })',
      'fetch(url, { signal: AbortSignal.timeout(5_000) })',
    ],
    [
      'options over several lines',
      "fetch(url, {\n    method: 'POST',\n  })",
      "fetch(url, {\n    method: 'POST',\n    signal: AbortSignal.timeout(5_000),\n  })",
    ],
    [
      'a comment between the arguments',
      'fetch(url /* where */)',
      'fetch(url, { signal: AbortSignal.timeout(5_000) } /* where */)',
    ],
    [
      'nested calls',
      'fetch(await (await fetch(url)).text())',
      'fetch(await (await fetch(url, { signal: AbortSignal.timeout(5_000) })).text(), { signal: AbortSignal.timeout(5_000) })',
    ],
  ])('fetch with %s', async (_, call, expected) => {
    const source = (text: string) => `// é 𝒳 before\nexport async function x(url: string) {\n  return ${text};\n}\n`;
    const { texts, after } = await fixed({ 'src/a.ts': source(call) });
    expect(texts.get('src/a.ts')).toBe(source(expected));
    expect(after).toBe(0);
  });

  it.each([
    ['axios.get', 'axios.get(url)', 'axios.get(url, { timeout: 5_000 })'],
    ['axios.post', 'axios.post(url, { a: 1 })', 'axios.post(url, { a: 1 }, { timeout: 5_000 })'],
    ['a timeout of 0', 'axios.get(url, { timeout: 0 })', 'axios.get(url, { timeout: 5_000 })'],
    ['axios.request', 'axios.request({ url })', 'axios.request({ url, timeout: 5_000 })'],
    ['undici', 'request(url)', 'request(url, { signal: AbortSignal.timeout(5_000) })'],
  ])('%s', async (_, call, expected) => {
    const source = (text: string) =>
      `import axios from 'axios';\nimport { request } from 'undici';\nexport const x = (url: string) => ${text};\nexport const y = [axios, request];\n`;
    const { texts, after } = await fixed({ 'src/a.ts': source(call) });
    expect(texts.get('src/a.ts')).toBe(source(expected));
    expect(after).toBe(0);
  });

  it.each([
    [
      'options from elsewhere',
      'const never = { timeout: 0 };\nexport const x = (u: string) => axios.get(u, never);\n',
      'its options are not written in place',
    ],
    [
      'a body that is missing',
      'export const x = (u: string) => axios.post(u);\n',
      'an argument before the options is missing',
    ],
  ])('leaves %s to a person', async (_, source, why) => {
    const { texts, left, after } = await fixed({ 'src/a.ts': `import axios from 'axios';\n${source}` });
    expect(texts.size).toBe(0);
    expect(left).toEqual([why]);
    expect(after).toBe(1);
  });

  it('touches no other file, and none that does not parse', async () => {
    const { texts } = await fixed({
      'src/broken.ts': 'export const x = fetch(\n',
      'src/ok.ts': 'export const y = 1;\n',
      'src/a.ts': 'export const z = () => fetch("x");\n',
    });
    expect([...texts.keys()]).toEqual(['src/a.ts']);
  });
});
