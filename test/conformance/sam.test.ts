import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { blueprint, file, onDisk, planted, printed } from './support/printed.ts';
import { run, tool } from './support/tool.ts';

const cfnLint = tool('cfn-lint', ['--version'], 'pip install cfn-lint');
const path = 'template.yaml';

const systems = {
  'two sets that call each other': () =>
    blueprint({ style: 'serverless', deploy: ['sam'], observability: [], cache: 'redis' }),
  'one set, no shared cache': () =>
    blueprint({
      style: 'serverless',
      modules: ['stock-keeping:box'],
      uses: [],
      deploy: ['sam'],
      observability: [],
      cache: 'memory',
    }),
  'a mix': () =>
    blueprint({
      style: 'hybrid',
      modules: ['catalog:product', 'orders:order', 'images:image'],
      place: ['catalog=service', 'orders=functions', 'images=monolith'],
      deploy: ['compose', 'sam'],
    }),
};

interface Resource {
  readonly Type: string;
  readonly Properties: {
    readonly Timeout?: number;
    readonly MemorySize?: number;
    readonly Policies?: readonly {
      readonly Statement: readonly { readonly Action: string; readonly Resource: string }[];
    }[];
    readonly VisibilityTimeout?: number;
    readonly RedrivePolicy?: object;
    readonly FifoQueue?: boolean;
    readonly Events?: Readonly<
      Record<string, { readonly Type: string; readonly Properties: { readonly Queue?: string } }>
    >;
    readonly LoggingConfig?: { readonly LogGroup: string };
  };
}
const resourcesOf = (text: string): Readonly<Record<string, Resource>> => parse(text, { logLevel: 'silent' }).Resources;

describe.each(Object.entries(systems))('template.yaml of %s', (_, system) => {
  const text = () => file(printed(system()), path);

  test('gives every function a time, memory, a log that ends, and rights on named things only', () => {
    const resources = resourcesOf(text());
    for (const [id, { Type, Properties }] of Object.entries(resources)) {
      if (Type !== 'AWS::Serverless::Function') continue;
      expect(Properties, id).toMatchObject({ Timeout: expect.any(Number), MemorySize: expect.any(Number) });
      expect(resources[Properties.LoggingConfig?.LogGroup ?? '']?.Type, id).toBe('AWS::Logs::LogGroup');
      const statements = Properties.Policies?.flatMap(({ Statement }) => Statement) ?? [];
      for (const { Action, Resource } of statements) expect(`${Action} ${Resource}`, id).not.toContain('*');
      for (const { Type: on, Properties: of } of Object.values(Properties.Events ?? {}))
        if (on === 'SQS') {
          const queue = resources[of.Queue?.replace(/\.Arn$/, '') ?? ''];
          expect(queue?.Properties.VisibilityTimeout, id).toBeGreaterThanOrEqual(6 * (Properties.Timeout ?? 0));
        }
    }
  });

  test('puts aside what no module can consume', () => {
    const queues = Object.entries(resourcesOf(text())).filter(([, { Type }]) => Type === 'AWS::SQS::Queue');
    const events = queues.filter(([id, { Properties }]) => Properties.FifoQueue && !id.endsWith('DeadLetters'));
    expect(events.map(([, { Properties }]) => Properties.RedrivePolicy)).not.toContain(undefined);
    expect(events).toHaveLength(system().modules.length);
  });

  describe.skipIf(cfnLint.absent)(`cfn-lint${cfnLint.note}`, () => {
    test('has nothing to say', async () => {
      const root = await onDisk({ [path]: text() });
      expect(await run(cfnLint.command, ['--include-checks', 'I', '--', path], root)).toEqual({ code: 0, output: '' });
    });
  });
});

describe.skipIf(cfnLint.absent)(`cfn-lint${cfnLint.note}`, () => {
  test.each([
    ['a reference that leads nowhere', '!Ref CatalogWork', '!Ref CatalogueWork', 'CatalogueWork'],
    ['a runtime that Lambda does not have', 'nodejs24.x', 'nodejs25.x', 'nodejs25.x'],
    ['a memory that Lambda does not have', 'MemorySize: 512', 'MemorySize: 64', '64 is less than'],
    ['a property that does not exist', 'FifoTopic: true', 'FifoTopics: true', 'FifoTopics'],
  ])('sees %s', async (_, from, to, says) => {
    const text = planted(file(printed(systems['two sets that call each other']()), path), from, to);
    const { code, output } = await run(cfnLint.command, [path], await onDisk({ [path]: text }));
    expect(code).not.toBe(0);
    expect(output).toContain(says);
  });
});
