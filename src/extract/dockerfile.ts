import type { Instruction, JSONInstruction, PropertyInstruction } from 'dockerfile-ast';
import type { Span } from '../model/facts.ts';
import { collector } from './collect.ts';
import { emitSuppressions, hashComments } from './comments.ts';
import { unusual } from './guard.ts';
import { interpolate, withDefaults } from './interpolate.ts';
import type { Language } from './language.ts';
import { textOf } from './workspace/text.ts';

const claimed = /(?:^|\/)(?:(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?|[\w.-]+\.[Dd]ockerfile)$/;

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

let parser: typeof import('dockerfile-ast').DockerfileParser | undefined;

/** Dockerfiles: the image that the last stage makes, with what it inherits from the stages that it builds on. */
export const dockerfile: Language = {
  id: 'dockerfile',
  version: 1,
  claims: (path) => path.includes('erfile') && claimed.test(path) && !/\.(?:md|[cm]?[jt]sx?|dockerignore)$/.test(path),
  risk: unusual,
  prepare: async () => {
    parser = (await import('dockerfile-ast')).DockerfileParser;
  },
  extract({ path, bytes }) {
    if (!parser) throw new Error('the Dockerfile parser is used before it is loaded');
    const out = collector(path);
    const text = textOf(bytes);
    emitSuppressions(text, out.emit, () => hashComments(text));
    const stages = stagesOf(parser.parse(text).getInstructions(), lineStarts(text));
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
    for (const { name, text: value, span } of line.toReversed().flatMap(({ env }) => env)) {
      out.emit('env-set', span, { name, value: interpolate(value), scope: path });
    }
    const health = inherit((stage) => stage.health);
    if (health && health !== 'none') {
      out.emit('probe', health.span, { checks: 'health', ...(health.path && { path: health.path }) });
    }
    return out.finish();
  },
};

const lineStarts = (text: string): readonly number[] => [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];

function stagesOf(instructions: readonly Instruction[], lines: readonly number[]): Stage[] {
  const stages: Stage[] = [];
  const args = new Map<string, string>();
  const fill = (text: string) =>
    withDefaults(interpolate(text)).replace(/\$\{(\w+)\}/g, (whole, name: string) => args.get(name) ?? whole);
  for (const instruction of instructions) {
    const { start, end } = instruction.getRange();
    const span: Span = [(lines[start.line] ?? 0) + start.character, (lines[end.line] ?? 0) + end.character];
    const stage = stages.at(-1);
    const rest = instruction.getArgumentsContent() ?? '';
    if (instruction.getKeyword() === 'FROM') {
      const words = rest.split(/\s+/);
      const name = words[1]?.toUpperCase() === 'AS' ? words[2] : undefined;
      stages.push({ name, from: fill(words[0] ?? ''), span, env: [], ports: [] });
    } else if (stage) instruct(stage, instruction, rest, span, fill);
    else if (instruction.getKeyword() === 'ARG') {
      for (const { name, text } of propertiesOf(instruction)) if (text !== undefined) args.set(name, text);
    }
  }
  return stages;
}

function instruct(
  stage: Stage,
  instruction: Instruction,
  rest: string,
  span: Span,
  fill: (text: string) => string,
): void {
  switch (instruction.getKeyword()) {
    case 'USER':
      stage.user = fill(rest);
      break;
    case 'ENTRYPOINT':
      stage.entrypoint = wordsOf(instruction as JSONInstruction, rest);
      break;
    case 'CMD':
      stage.command = wordsOf(instruction as JSONInstruction, rest);
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
      for (const { name, text } of propertiesOf(instruction)) stage.env.push({ name, text: text ?? '', span });
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
function wordsOf(instruction: JSONInstruction, rest: string): readonly string[] {
  const strings = instruction.getJSONStrings();
  return strings.length > 0 ? strings.map((each) => each.getJSONValue()) : ['/bin/sh', '-c', rest];
}

const propertiesOf = (instruction: Instruction) =>
  (instruction as PropertyInstruction)
    .getProperties()
    .map((property) => ({ name: property.getName(), text: property.getValue() ?? undefined }));

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
