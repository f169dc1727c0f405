import { rules } from '../../rules/catalogue.gen.ts';
import { recognisers } from '../../src/extract/catalogue.gen.ts';
import type { Language } from '../../src/extract/language.ts';
import { languages } from '../../src/extract/languages.gen.ts';
import type { Extractors } from '../../src/extract/read-files.ts';
import { memoryWorkspace } from '../../src/extract/workspace/memory.ts';
import { overlay } from '../../src/extract/workspace/overlay.ts';
import type { Report } from '../../src/lint/finding.ts';
import { lint } from '../../src/lint/lint.ts';
import type { ExtractedFile, Path } from '../../src/model/facts.ts';
import type { Workspace } from '../../src/model/workspace.ts';
import type { Plan } from '../../src/plan/plan.ts';

/** Equal texts are the same bytes in every plan, so that what was read once is known by them. */
const encoded = new Map<string, Uint8Array>();
function bytesOf(text: string): Uint8Array {
  const bytes = encoded.get(text) ?? new TextEncoder().encode(text);
  encoded.set(text, bytes);
  return bytes;
}

/** Facts depend on a file's path and bytes alone: systems that share files are read once. */
function remembering(language: Language): Language {
  const known = new WeakMap<Uint8Array, Map<string, ExtractedFile>>();
  return {
    ...language,
    extract(source, all, whole = false) {
      const byPath = known.get(source.bytes) ?? new Map<string, ExtractedFile>();
      known.set(source.bytes, byPath);
      const key = `${whole}\0${source.path}`;
      const facts = byPath.get(key) ?? language.extract(source, all, whole);
      byPath.set(key, facts);
      return facts;
    },
  };
}
export const extractors: Extractors = { languages: languages.map(remembering), recognisers };

/** A plan as a linter sees it: the packed tool is no source. */
export const workspaceOf = (plan: Plan): Workspace =>
  memoryWorkspace(
    plan.flatMap(({ path, content }) => {
      if (typeof content === 'string') return [[path, bytesOf(content)] as const];
      return content instanceof Uint8Array ? [[path, content] as const] : [];
    }),
  );

export type Changes = ReadonlyMap<Path, string | undefined>;
export const lintOf = (workspace: Workspace, changes: Changes = new Map(), today = '2026-11-22'): Promise<Report> =>
  lint({ workspace: overlay(workspace, changes), extractors, rules, today });

/** Where a finding is and what stands there: `path: the code`. */
export function placeOf(report: Report, index = 0): string {
  const finding = report.findings[index];
  if (!finding) return '';
  const [{ path, span }] = finding.at;
  return `${path}: ${report.source(path).slice(span[0], span[1])}`;
}
