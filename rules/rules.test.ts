import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { recognisers } from '../src/extract/catalogue.gen.ts';
import { languages } from '../src/extract/languages.gen.ts';
import { diskWorkspace } from '../src/extract/workspace/disk.ts';
import { overlay } from '../src/extract/workspace/overlay.ts';
import { lint } from '../src/lint/lint.ts';
import { textReport } from '../src/report/text.ts';
import { rules } from './catalogue.gen.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const folders = (path: string): string[] => {
  try {
    return readdirSync(join(here, path), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
};
/** `UPDATE_FINDINGS=1` writes what was found, to be read before it is committed. */
const update = process.env.UPDATE_FINDINGS === '1';

async function run(rule: string, folder: string) {
  const workspace = overlay(diskWorkspace(folder), new Map([['findings.txt', undefined]]));
  return lint({ workspace, extractors: { languages, recognisers }, rules, only: [rule], today: '2026-11-22' });
}

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  it('is well formed', () => {
    for (const prose of [rule.why, rule.fix]) expect(prose).toMatch(/^[A-Z].*\.$/s);
    expect(rule.title).toMatch(/^[A-Z].*[^.]$/);
    expect(rule.source, 'names the catalogue entry that it is from').toMatch(/\b[A-Z]\d\d\b|\bENG\b/);
    expect(rule.presets.length).toBeGreaterThan(0);
    expect(folders(`${id}/ok`).length, 'cases that try to fool it').toBeGreaterThanOrEqual(2);
    expect(folders(`${id}/bad`).length).toBeGreaterThanOrEqual(2);
  });

  it.each(folders(`${id}/ok`))('ok/%s', async (name) => {
    const report = await run(id, join(here, id, 'ok', name));
    expect(textReport(report, { color: false })).toContain('No findings.');
    expect(report.exitCode).toBe(0);
    const [result] = report.coverage.rules;
    // A case that the rule does not even look at proves nothing, unless that is what it is about.
    expect(result!.subjects > 0).toBe(!name.startsWith('not-applicable'));
  });

  it.each(folders(`${id}/bad`))('bad/%s', async (name) => {
    const folder = join(here, id, 'bad', name);
    const report = await run(id, folder);
    const text = textReport(report, { color: false });
    if (update) writeFileSync(join(folder, 'findings.txt'), text);
    expect(text).toBe(readFileSync(join(folder, 'findings.txt'), 'utf8'));
    expect(report.findings.some(({ rule: found }) => found === id)).toBe(true);
    expect(report.coverage.gaps.filter(({ blocks }) => blocks)).toEqual([]);
  });
});
