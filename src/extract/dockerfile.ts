import type { Span } from '../model/facts.ts';
import { emitSuppressions, hashComments } from './comments.ts';
import { interpolate, withDefaults } from './interpolate.ts';
import type { Language } from './language.ts';
import { collector } from './tree-sitter/collect.ts';
import { textOf } from './workspace/text.ts';

const claimed = /(?:^|\/)(?:(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?|[\w.-]+\.[Dd]ockerfile)$/;

interface Instruction {
  readonly name: string;
  readonly rest: string;
  readonly span: Span;
}
interface Stage {
  readonly name: string | undefined;
  readonly from: string;
  readonly span: Span;
  user?: string;
  entrypoint?: readonly string[];
  command?: readonly string[];
  health?: { readonly span: Span; readonly path: string | undefined } | 'none';
  readonly env: { readonly name: string; readonly text: string; readonly span: Span }[];
  readonly ports: number[];
}

/** Dockerfiles: the image that the last stage makes, with what it inherits from the stages that it builds on. */
export const dockerfile: Language = {
  id: 'dockerfile',
  version: 1,
  claims: (path) => claimed.test(path) && !/\.(?:md|[cm]?[jt]sx?|dockerignore)$/.test(path),
  extract({ path, bytes }) {
    const out = collector(path);
    const text = textOf(bytes);
    emitSuppressions(text, out.emit, () => hashComments(text));
    const stages = stagesOf(instructions(text));
    const last = stages.at(-1);
    if (!last) {
      out.gap('parse', 'a Dockerfile without FROM');
      return out.finish();
    }
    const line = lineage(last, stages);
    const inherit = <T>(pick: (stage: Stage) => T | undefined): T | undefined =>
      line.map(pick).find((found) => found !== undefined);
    const user = inherit((stage) => stage.user);
    const command = [...(inherit((stage) => stage.entrypoint) ?? []), ...(inherit((stage) => stage.command) ?? [])];
    out.emit('image', last.span, {
      base: line.at(-1)?.from ?? last.from,
      ...(user !== undefined && { user }),
      ...(command.length > 0 && { command }),
      ...(line.some(({ ports }) => ports.length > 0) && { ports: line.flatMap(({ ports }) => ports) }),
    });
    for (const { name, text, span } of line.toReversed().flatMap(({ env }) => env)) {
      out.emit('env-set', span, { name, value: interpolate(text), scope: path });
    }
    const health = inherit((stage) => stage.health);
    if (health && health !== 'none') {
      out.emit('probe', health.span, { checks: 'health', ...(health.path && { path: health.path }) });
    }
    return out.finish();
  },
};

/** Instructions with continued lines joined; comments inside a continuation do not end it; heredoc bodies are skipped. */
function instructions(text: string): Instruction[] {
  const lines = [...text.matchAll(/[^\n]*(?:\n|$)/g)].filter(({ 0: line }) => line !== '');
  const continuation = /^#\s*escape\s*=\s*`/m.test(text.slice(0, 200)) ? '`' : '\\';
  const found: Instruction[] = [];
  for (let i = 0; i < lines.length; i += 1) {
    const first = lines[i];
    if (!first || /^\s*(?:#|$)/.test(first[0])) continue;
    const start = first.index + first[0].search(/\S/);
    let joined = '';
    let end = start;
    for (; i < lines.length; i += 1) {
      const line = lines[i];
      if (!line) break;
      if (joined !== '' && /^\s*#/.test(line[0])) continue;
      const trimmed = line[0].trimEnd();
      end = line.index + trimmed.length;
      const continues = trimmed.endsWith(continuation);
      joined += continues ? `${trimmed.slice(0, -1)} ` : trimmed;
      if (!continues) break;
    }
    const heredoc = /<<-?\s*(["']?)(\w+)\1/.exec(joined)?.[2];
    while (heredoc && i + 1 < lines.length && lines[i]?.[0].trim() !== heredoc) i += 1;
    const [, name = '', rest = ''] = /^\s*(\w+)\s*([\s\S]*)$/.exec(joined) ?? [];
    found.push({ name: name.toUpperCase(), rest: rest.trim(), span: [start, end] });
  }
  return found;
}

function stagesOf(all: readonly Instruction[]): Stage[] {
  const stages: Stage[] = [];
  const args = new Map<string, string>();
  const fill = (text: string) =>
    withDefaults(interpolate(text)).replace(/\$\{(\w+)\}/g, (whole, name: string) => args.get(name) ?? whole);
  for (const { name, rest, span } of all) {
    const stage = stages.at(-1);
    if (name === 'ARG') {
      const [, key = '', value] = /^(\w+)(?:=(.*))?$/.exec(rest) ?? [];
      if (value !== undefined && !stage) args.set(key, value.replace(/^(["'])(.*)\1$/, '$2'));
    } else if (name === 'FROM') {
      const words = rest.split(/\s+/).filter((word) => !word.startsWith('--'));
      const alias = words[1]?.toUpperCase() === 'AS' ? words[2] : undefined;
      stages.push({ name: alias, from: fill(words[0] ?? ''), span, env: [], ports: [] });
    } else if (stage) instruct(stage, { name, rest, span }, fill);
  }
  return stages;
}

function instruct(stage: Stage, { name, rest, span }: Instruction, fill: (text: string) => string): void {
  switch (name) {
    case 'USER':
      stage.user = fill(rest);
      break;
    case 'ENTRYPOINT':
      stage.entrypoint = words(rest);
      break;
    case 'CMD':
      stage.command = words(rest);
      break;
    case 'EXPOSE':
      stage.ports.push(
        ...fill(rest)
          .split(/\s+/)
          .map((port) => Number.parseInt(port, 10))
          .filter(Number.isInteger),
      );
      break;
    case 'ENV':
      stage.env.push(...pairs(rest).map((pair) => ({ ...pair, span })));
      break;
    case 'HEALTHCHECK':
      stage.health = /^NONE\b/i.test(rest)
        ? 'none'
        : { span, path: /https?:\/\/[^/\s'"]+(\/[^\s'"|?]*)/.exec(rest)?.[1] };
      break;
    default:
  }
}

/** The exec form is a JSON array; anything else is run by a shell. */
function words(rest: string): readonly string[] {
  if (rest.startsWith('[')) {
    try {
      const parsed: unknown = JSON.parse(rest);
      if (Array.isArray(parsed) && parsed.every((word) => typeof word === 'string')) return parsed;
    } catch {
      // Docker too takes an array that is not JSON for a shell command.
    }
  }
  return ['/bin/sh', '-c', rest];
}

/** `ENV A=1 B="two words"`, or the old form `ENV A 1`. */
function pairs(rest: string): { name: string; text: string }[] {
  const old = /^(\w+)\s+([^=]*)$/.exec(rest);
  if (old) return [{ name: old[1] ?? '', text: old[2] ?? '' }];
  return [...rest.matchAll(/(\w+)=("(?:\\.|[^"\\])*"|'[^']*'|(?:\\.|\S)*)/g)].map(([, name = '', text = '']) => ({
    name,
    text: text.replace(/^(["'])([\s\S]*)\1$/, '$2'),
  }));
}

/** The stage and those that it is built from, nearest first; each is defined before it is used. */
function lineage(stage: Stage, stages: readonly Stage[]): Stage[] {
  const line = [stage];
  for (let at = stage; ; ) {
    const before = stages.slice(0, stages.indexOf(at));
    const parent = before.findLast(
      ({ name }, i) => name?.toLowerCase() === at.from.toLowerCase() || String(i) === at.from,
    );
    if (!parent) return line;
    line.push(parent);
    at = parent;
  }
}
