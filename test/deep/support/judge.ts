import { isDeepStrictEqual } from 'node:util';
import { rules } from '../../../rules/catalogue.gen.ts';
import { recognisers } from '../../../src/extract/catalogue.gen.ts';
import { ARCHITECTURE } from '../../../src/extract/discover/architecture.ts';
import { languages } from '../../../src/extract/languages.gen.ts';
import { memoryWorkspace } from '../../../src/extract/workspace/memory.ts';
import { overlay } from '../../../src/extract/workspace/overlay.ts';
import { textOf } from '../../../src/extract/workspace/text.ts';
import { readBaseline, updateBaseline } from '../../../src/lint/baseline.ts';
import { identities } from '../../../src/lint/cache/identify.ts';
import { type Kept, nothingKept, remembering } from '../../../src/lint/cache/memory.ts';
import { foreignRules } from '../../../src/lint/dependency-cruiser/foreign.ts';
import type { Report } from '../../../src/lint/finding.ts';
import { infer } from '../../../src/lint/init/infer.ts';
import { architectureText } from '../../../src/lint/init/write.ts';
import { lint, readSystem } from '../../../src/lint/lint.ts';
import { OWN_RULES, SUPPRESSION_RULE } from '../../../src/lint/own-rules.ts';
import type { Path, Span } from '../../../src/model/facts.ts';
import { KnownError } from '../../../src/model/known-error.ts';
import type { Rule } from '../../../src/model/rule.ts';
import type { Workspace } from '../../../src/model/workspace.ts';
import { reporters } from '../../../src/report/catalogue.gen.ts';
import { graphDot, graphJson, graphMermaid } from '../../../src/report/graph.ts';

type Files = ReadonlyMap<Path, Uint8Array>;
const extractors = { languages, recognisers };
const today = '2026-11-22';

/**
 * Lints a repository; throws where anything is not as it must be. `before`: the same one before its last edit, whose cache
 * must not matter; `thorough`: with everything that is made from the system. Returns whether there was a report at all.
 */
export async function judge(files: Files, before: Files, thorough: boolean): Promise<boolean> {
  const workspace = memoryWorkspace(files);
  const first = await attempt(workspace);
  const { kept = nothingKept } = await remembered(memoryWorkspace(before), nothingKept);
  const { result, kept: last } = await remembered(workspace, JSON.parse(JSON.stringify(kept)) as Kept);
  same(result, first, 'a run with the cache of an earlier state');
  if (first instanceof KnownError) {
    judgeError(first);
    return false;
  }
  judgePlaces(first, workspace);
  judgeReports(first);
  if (!thorough) return true;
  if (last) same((await remembered(workspace, JSON.parse(JSON.stringify(last)) as Kept)).result, first, 'a run again');
  const { model } = await readSystem(workspace, extractors);
  for (const [path, facts] of model.files) {
    const kept = JSON.parse(JSON.stringify(facts)) as unknown;
    if (!isDeepStrictEqual(kept, facts))
      throw new Error(`facts of ${path} are no JSON: ${difference(kept, facts, '')}`);
  }
  for (const [format, draw] of Object.entries({ json: graphJson, mermaid: graphMermaid, dot: graphDot }))
    judgeText(`graph ${format}`, draw(model));
  await judgeInit(workspace);
  return true;
}

async function attempt(workspace: Workspace): Promise<Report | KnownError> {
  try {
    return await lint({ workspace, extractors, rules: await rulesFor(workspace), today });
  } catch (error) {
    if (error instanceof KnownError) return error;
    throw error;
  }
}

async function remembered(workspace: Workspace, old: Kept) {
  const found = remembering(old, { workspace, identify: identities(workspace, new Map()), installed: '' });
  try {
    const input = { workspace, extractors, rules: await rulesFor(workspace), today };
    const result = await lint({ ...input, remembering: found });
    return { result, kept: found.kept() };
  } catch (error) {
    if (error instanceof KnownError) return { result: error };
    throw error;
  }
}

/** What `init` writes is read back, and together with its baseline it accepts everything. */
async function judgeInit(workspace: Workspace): Promise<void> {
  const described = [...workspace.files.keys()].filter((path) =>
    /(?:^|\/)architecture\.ya?ml$|^\.scalable-backend\//.test(path),
  );
  const bare = overlay(workspace, new Map(described.map((path) => [path, undefined])));
  const { model } = await readSystem(bare, extractors);
  if (model.files.size === 0) return;
  const gaps = model.gaps.filter(({ path }) => model.roles.get(path)?.includes('production') ?? true);
  const byPath = new Map(gaps.map((gap) => [gap.path, gap]));
  const text = architectureText(infer(model, bare), [...byPath.values()], '2027-02-20');
  const written = overlay(bare, new Map([[ARCHITECTURE, text]]));
  const report = await lint({ workspace: written, extractors, rules, today });
  if (report.problems.length > 0) throw new Error(`init leaves ${report.problems[0]}\n${text}`);
  const { files } = updateBaseline(report, readBaseline(written), { shrink: false });
  const { findings } = await lint({ workspace: overlay(written, files), extractors, rules, today });
  const left = findings.find(({ rule }) => rule !== SUPPRESSION_RULE.id);
  if (left) throw new Error(`the baseline leaves ${JSON.stringify(left)}\n${text}`);
}

/** Ours, and the names of those that a configuration of dependency-cruiser states. */
async function rulesFor(workspace: Workspace): Promise<readonly Rule[]> {
  const foreign = await foreignRules({ root: '/', workspace, trusted: false, engine: 'auto', run: false });
  return [...rules, ...foreign.rules];
}

function same(a: Report | KnownError, b: Report | KnownError, what: string): void {
  const plain = (result: Report | KnownError) =>
    result instanceof KnownError
      ? { message: result.message, place: result.place }
      : (JSON.parse(JSON.stringify(result)) as unknown);
  // How long a file takes to read is up to the machine.
  const [left, right] = [plain(a), plain(b)];
  if (/took too long/.test(JSON.stringify([left, right]))) return;
  if (!isDeepStrictEqual(left, right)) throw new Error(`${what} gives something else: ${difference(left, right, '')}`);
}

/** The first place where two values are not the same. */
function difference(a: unknown, b: unknown, at: string): string {
  const isTree = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
  if (!isTree(a) || !isTree(b)) return `${at}: ${JSON.stringify(a)} instead of ${JSON.stringify(b)}`;
  const key = [...new Set([...Object.keys(a), ...Object.keys(b)])].find((each) => !isDeepStrictEqual(a[each], b[each]));
  return difference(a[key!], b[key!], `${at}.${key}`);
}

function judgeError({ message, next, place, exitCode }: KnownError): void {
  if (message === '' || next === '') throw new Error('an error that says nothing');
  if (exitCode !== 2) throw new Error(`an error that ends with ${exitCode}`);
  if (place && [place.line ?? 1, place.column ?? 1].some((n) => !Number.isInteger(n) || n < 1))
    throw new Error(`an error at ${JSON.stringify(place)}`);
}

function judgePlaces(report: Report, workspace: Workspace): void {
  const known = new Set([...report.coverage.rules.map(({ rule }) => rule.id), ...OWN_RULES.map(({ id }) => id)]);
  const judgeSpan = (path: Path, [start, end]: Span, what: string) => {
    if (!workspace.files.has(path)) throw new Error(`${what} is in ${JSON.stringify(path)}, which is no file`);
    const { length } = textOf(workspace.read(path)!);
    if (!(start >= 0 && start <= end && end <= length))
      throw new Error(`${what} is at ${start}–${end} of ${JSON.stringify(path)}, which has ${length} characters`);
  };
  for (const { rule, at } of [...report.findings, ...report.suppressed, ...report.accepted]) {
    if (!known.has(rule)) throw new Error(`a finding of '${rule}', which is no rule`);
    for (const { path, span } of at) judgeSpan(path, span, `a finding of ${rule}`);
  }
  for (const { path, span, why } of report.coverage.gaps) judgeSpan(path, span ?? [0, 0], `a gap (${why})`);
  for (const { language } of report.coverage.unread)
    if (!/^[A-Z][\w+#]*$/.test(language)) throw new Error(`a language ${language}`);
  if (![0, 1, 2].includes(report.exitCode)) throw new Error(`exit code ${report.exitCode}`);
}

function judgeReports(report: Report): void {
  for (const { id, render, summary } of reporters) {
    judgeText(id, render(report, { color: false, version: '1.2.3' }));
    if (summary) judgeText('text', summary.render(report));
  }
}

/** Whether a report is what its format asks for. */
export function judgeText(format: string, text: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
  const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.exec(text);
  if (control) {
    const around = text.slice(Math.max(0, control.index - 40), control.index + 40);
    throw new Error(`${format} has a control character: ${JSON.stringify(around)}`);
  }
  if (!text.isWellFormed()) throw new Error(`${format} has half of a surrogate pair`);
  if (/^(?:json|sarif|gitlab|graph json)$/.test(format)) JSON.parse(text);
  if (format === 'junit') judgeXml(text);
  if (
    format === 'github' &&
    !text.split('\n').every((line) => line === '' || /^::(?:error|warning|notice) [^:\n]*::/.test(line))
  )
    throw new Error(`a line that is no command: ${text}`);
}

function judgeXml(text: string): void {
  const open: string[] = [];
  const left = text
    .replace(/^<\?xml [^>]*\?>/, '')
    .replace(/<(\/?)([\w-]+)((?:\s[\w-]+="[^"<]*")*)\s*(\/?)>/g, (_, end, name, __, empty) => {
      if (end && open.pop() !== name) throw new Error(`XML that ends ${name} elsewhere: ${text}`);
      if (!end && !empty) open.push(name);
      return '';
    });
  const entity = /&(?!(?:amp|lt|gt|quot|apos|#\d+);)/;
  if (open.length > 0 || /[<>]/.test(left) || entity.test(text))
    throw new Error(`XML that is not well formed: ${text}`);
}
