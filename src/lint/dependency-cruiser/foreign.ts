import type { IConfiguration, ICruiseOptions, IViolation } from 'dependency-cruiser';
import { z } from 'zod';
import { counted } from '../../model/counted.ts';
import type { Path } from '../../model/facts.ts';
import { KnownError } from '../../model/known-error.ts';
import { own } from '../../model/own.ts';
import type { Rule, Severity, Violation } from '../../model/rule.ts';
import type { Evidence, System } from '../../model/system.ts';
import type { Workspace } from '../../model/workspace.ts';
import { FOREIGN } from '../own-rules.ts';
import { readConfiguration } from './configuration.ts';
import { notNative } from './options.ts';
import { plugAndPlay } from './plug-and-play.ts';
import { type CruiseEngine, type Installed, runCruise } from './run.ts';

/** The rules of a repository's dependency-cruiser configuration, checked by dependency-cruiser. */
export interface Foreign {
  /** Named `dependency-cruiser/<name>`; each already knows its violations. */
  readonly rules: readonly Rule[];
  /** What was run and why, for people. */
  readonly notes: readonly string[];
}
export interface ForeignInput {
  /** Absolute and real. */
  readonly root: string;
  readonly workspace: Workspace;
  /** The configuration may be run. */
  readonly trusted: boolean;
  /** `cruise`: leave extraction and resolution to dependency-cruiser, whatever the options. */
  readonly engine: 'auto' | 'cruise';
  /** Otherwise only what the rules are called is wanted. */
  readonly run: boolean;
  readonly installed?: Installed;
}

/** Reads the configuration and runs its rules; nothing where there is none. Throws `KnownError`. */
export async function foreignRules({
  root,
  workspace,
  trusted,
  engine,
  run,
  installed,
}: ForeignInput): Promise<Foreign> {
  const found = await readConfiguration(workspace, trusted ? root : undefined);
  if (!found) {
    if (engine === 'auto') return { rules: [], notes: [] };
    throw new KnownError('There is no configuration of dependency-cruiser here, so there is nothing for it to check.', {
      next: 'Write our boundaries as its rules: scalable-backend export dependency-cruiser',
    });
  }
  const { file, config } = found;
  if (!run) return { rules: rulesOf(config, file, []), notes: [] };
  const plan = planCruise(config, workspace);
  const packages = plugAndPlay(root, trusted);
  const unlike = [...(packages ? ["Plug'n'Play"] : []), ...plan.notNative];
  const because = engine === 'cruise' ? ['--engine=cruise'] : unlike;
  const by: CruiseEngine = because.length > 0 ? 'cruise' : 'compat';
  const { violations, fallbacks } = runCruise({
    engine: by,
    root,
    ...(installed && { installed }),
    ...packages,
    paths: plan.paths,
    graph: false,
    options: plan.options,
  });
  return {
    rules: rulesOf(config, file, violations),
    notes: [
      `${file}: ${counted(violations.length, 'violation')} by dependency-cruiser, on ${
        by === 'compat' ? 'our graph' : `its own graph (${because.join(', ')})`
      }.`,
      ...(fallbacks.length > 0 ? [`${counted(fallbacks.length, 'file')} had to be read by the compiler.`] : []),
    ],
  };
}

export interface CruisePlan {
  readonly paths: readonly Path[];
  readonly options: ICruiseOptions;
  /** Options that our graph does not cover. */
  readonly notNative: readonly string[];
}
/** What `cruise()` is asked for. */
export function planCruise(config: IConfiguration, workspace: Workspace): CruisePlan {
  const options = config.options ?? {};
  return {
    paths: pathsOf(workspace),
    options: { ...options, ruleSet: config, validate: true } as ICruiseOptions,
    notNative: notNative(options),
  };
}

/** The folders that a script of the manifest cruises, or every folder with code that we would read as well. */
function pathsOf(workspace: Workspace): readonly Path[] {
  const scripted = scriptedPaths(workspace);
  if (scripted.length > 0) return scripted;
  const code = [...workspace.files.keys()].filter((path) => /\.(?:[cm]?[jt]sx?|vue|svelte|coffee)$/.test(path));
  return [...new Set(code.filter((path) => path.includes('/')).map((path) => path.slice(0, path.indexOf('/'))))].sort();
}
function scriptedPaths(workspace: Workspace): readonly Path[] {
  const bytes = workspace.read('package.json');
  const script = bytes
    ? /(?:depcruise|dependency-cruise(?:r)?)((?:\s+[^\s"'|&;<>$`]+)+)/.exec(new TextDecoder().decode(bytes))?.[1]
    : undefined;
  const words = script?.trim().split(/\s+/) ?? [];
  const flag = words.findIndex((word) => word.startsWith('-'));
  const before = flag === -1 ? words : words.slice(0, flag);
  const has = (path: string) =>
    [...workspace.files.keys()].some((file) => file === path || file.startsWith(`${path}/`));
  const paths = before.map((word) => word.replace(/^\.\/|\/$/g, '')).filter((word) => word !== '' && word !== '.');
  return paths.length > 0 && paths.every(has) ? paths : [];
}

const severities: Readonly<Record<string, Severity>> = { error: 'error', warn: 'warning', info: 'info' };

function rulesOf(config: IConfiguration, file: Path, violations: readonly IViolation[]): Rule[] {
  const byRule = Map.groupBy(violations, ({ rule }) => rule.name);
  const declared = [...(config.forbidden ?? []), ...(config.required ?? [])]
    .filter(({ severity }) => severity !== 'ignore')
    .map(({ name = 'unnamed', severity = 'warn', comment }) => ({ name, severity: String(severity), comment }));
  if (config.allowed && config.allowedSeverity !== 'ignore') {
    declared.push({ name: 'not-in-allowed', severity: config.allowedSeverity ?? 'warn', comment: undefined });
  }
  const first = new Map(declared.toReversed().map((rule) => [rule.name, rule]));
  return [...first.values()].toReversed().map(({ name, severity, comment }): Rule => {
    const found = byRule.get(name) ?? [];
    return {
      id: `${FOREIGN}${name}`,
      title: `dependency-cruiser: ${name}`,
      why: comment ? `${comment.trim().replace(/[.\s]*$/, '')}.` : `${file} forbids it.`,
      fix: `Change the import, or the rule in ${file}.`,
      source: file,
      severity: own(severities, severity) ?? 'warning',
      presets: ['recommended', 'strict', 'review'],
      reads: ['file', 'imports'],
      subject: 'file',
      options: z.unknown(),
      fresh: true,
      *check(system) {
        const known = new Set(system.nodes('file').map(({ id }) => id));
        for (const violation of found) yield violationOf(violation, system, known);
      },
    };
  });
}

function violationOf({ from, to, cycle, via }: IViolation, system: System, known: ReadonlySet<string>): Violation {
  const edge = known.has(`file:${from}`)
    ? system.relations('imports', { from: `file:${from}` }).find((each) => each.to === `file:${to}`)
    : undefined;
  const place: Evidence = edge?.via[0] ?? { path: from, span: [0, 0] };
  const path = [from, ...(cycle ?? via ?? []).map(({ name }) => name)];
  const told = path.length > 1 ? path.join(' → ') : from === to || to === '' ? from : `${from} → ${to}`;
  return {
    subject: `file:${from}`,
    atoms: [from === to ? from : `${from}>${to}`],
    message: `${told}.`,
    at: [place],
    confidence: 'certain',
  };
}
