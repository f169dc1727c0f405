import { afterEach, describe, expect, it } from 'vitest';
import { folderWith, removeFolders, run } from '../../support/program.ts';

afterEach(removeFolders);

describe('lint --rule', () => {
  it('takes one rule each, so that the folder after it is the folder', async () => {
    const folder = folderWith({
      'package.json': '{ "name": "x", "private": true }',
      'src/a.ts': "export const a = () => fetch('https://a.example/items');\n",
    });
    const report = async (...args: string[]) => JSON.parse((await run('lint', '--format', 'json', ...args)).stdout);
    const rulesOf = ({ findings }: { findings: { rule: string }[] }) => [...new Set(findings.map(({ rule }) => rule))];
    expect(rulesOf(await report('--rule', 'missing-timeout', folder))).toEqual(['missing-timeout']);
    expect(rulesOf(await report('--rule', 'missing-timeout', '--rule', 'no-health-check', folder)).sort()).toEqual([
      'missing-timeout',
    ]);
    expect(rulesOf(await report('--rule', 'no-health-check', folder))).toEqual([]);
  });
});

describe('lint --print-config', () => {
  it('knows the rules of the dependency-cruiser configuration, and settings that speak of them', async () => {
    const folder = folderWith({
      'package.json': '{ "name": "x", "private": true }',
      '.dependency-cruiser.json': JSON.stringify({
        forbidden: [
          { name: 'no-ring', severity: 'warn', from: {}, to: { circular: true } },
          { name: 'no-orphan', severity: 'error', from: { orphan: true }, to: {} },
        ],
      }),
      'architecture.yaml': 'version: 1\nname: x\nlint:\n  rules: { dependency-cruiser/no-orphan: info }\n',
      'src/a.ts': 'export {};\n',
    });
    const { status, stdout, stderr } = await run('lint', folder, '--print-config', 'src/a.ts');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { rules } = JSON.parse(stdout);
    expect(rules['dependency-cruiser/no-ring'][0]).toBe('warning');
    expect(rules['dependency-cruiser/no-orphan'][0]).toBe('info');
  });
});
