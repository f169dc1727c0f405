import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { templateRoot } from '../../src/plan/catalogue.ts';
import { blueprint, file, intents, onDisk, type Printed, planted, printed, systems } from './support/printed.ts';
import { metricsOf, stem } from './support/promql.ts';
import { run, tool } from './support/tool.ts';

const home = 'observability/prometheus';
const rules = `${home}/rules/system.yml`;
const board = 'observability/grafana/dashboards/system.json';
const promtool = tool('promtool', ['--version'], 'apt-get install prometheus');

const monitored = Object.entries(systems).filter(([, system]) =>
  system().delivery.observability.includes('prometheus'),
);

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
}
interface Panel {
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string }[];
}
const rulesOf = (files: Printed): readonly Rule[] =>
  parse(file(files, rules)).groups.flatMap((group: { rules: readonly Rule[] }) => group.rules);
const panelsOf = (text: string): readonly Panel[] => JSON.parse(text).panels;
/** Grafana puts values in place of its variables before it asks Prometheus. */
const queriesOf = (text: string): readonly string[] =>
  panelsOf(text).flatMap(({ targets = [] }) => targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '1m')));

function unknownMetrics(of: ReturnType<typeof blueprint>, queries: readonly string[]): readonly string[] {
  const metrics = intents(of, 'metric');
  const histograms = new Set(metrics.filter(({ kind }) => kind === 'histogram').map(({ name }) => name));
  const records = intents(of, 'record').map(({ name }) => name);
  const stated = new Set(['up', ...metrics.map(({ name }) => name), ...records]);
  return queries.flatMap(metricsOf).filter((name) => !stated.has(stem(name, histograms)));
}

describe.each(monitored)('monitoring of %s', (_, system) => {
  test('asks only about metrics that somebody states', () => {
    const of = system();
    const files = printed(of);
    const dashboard = files.get(board);
    const queries = [...rulesOf(files).map(({ expr }) => expr), ...(dashboard ? queriesOf(dashboard) : [])];
    expect(queries.length).toBeGreaterThan(0);
    expect(unknownMetrics(of, queries)).toEqual([]);
  });

  test('scrapes the ops listener of every deployable', () => {
    const of = system();
    const config = parse(file(printed(of), `${home}/prometheus.yml`));
    expect(config.scrape_configs.map((job: { job_name: string }) => job.job_name)).toEqual(
      of.deployables.map(({ name }) => name),
    );
    for (const job of config.scrape_configs)
      expect(job).toMatchObject({
        authorization: { credentials_file: '/run/secrets/ops-token' },
        dns_sd_configs: [{ names: [job.job_name], port: 9090 }],
      });
  });

  test('raises every stated alert, each with samples that prove it', () => {
    const of = system();
    const stated = intents(of, 'alert');
    expect(rulesOf(printed(of)).flatMap(({ alert }) => alert ?? [])).toEqual(stated.map(({ name }) => name));
    for (const { name, proof, summary } of stated) {
      expect(proof, name).toBeDefined();
      expect(summary, name).toMatch(/\.$/);
    }
    const names = stated.map(({ name }) => name);
    expect(names.includes('LatencyAboveTarget')).toBe(of.capacity?.p95Ms !== undefined);
    expect(names.includes('TrafficNearPeak')).toBe(of.capacity?.peakRps !== undefined);
  });
});

test('a query about a metric that nobody states is seen', () => {
  const of = blueprint();
  const text = planted(file(printed(of), board), /outbox_pending/, 'outbox_pendign');
  expect(unknownMetrics(of, queriesOf(text))).toEqual(['outbox_pendign']);
  expect(() => metricsOf('sum by (job) (rate(x[5m])')).toThrow('Not PromQL');
});

test('what the platform registers is what it states', () => {
  const source = readFileSync(join(templateRoot(), 'language/node/platform/src/telemetry/metrics.ts'), 'utf8');
  const helpers = source.matchAll(/\b(counter|gauge|histogram)\(\s*'([^']+)',\s*'[^']+',\s*\[([^\]]*)\]/g);
  const direct = source.matchAll(/new (Counter|Gauge|Histogram)\(\{\s*name: '([^']+)'/g);
  const registered = [...helpers, ...direct].map(
    ([, kind = '', name, labels = '']) =>
      `${kind.toLowerCase()} ${name} ${[...labels.matchAll(/'(\w+)'/g)].map(([, label]) => label)}`,
  );
  expect(registered.length).toBeGreaterThan(5);
  const own = /^(nodejs|process)_/;
  const stated = intents(blueprint(), 'metric').filter(({ name }) => !own.test(name));
  expect(registered.sort()).toEqual(stated.map(({ kind, name, labels }) => `${kind} ${name} ${labels}`).sort());
});

test('the dead-letter queue of the alert is that of the platform', () => {
  const source = readFileSync(join(templateRoot(), 'language/node/platform/src/jobs/pgboss.ts'), 'utf8');
  const [, queue] = /const deadLetter = '([^']+)'/.exec(source) ?? [];
  const given = intents(blueprint(), 'alert').find(({ name }) => name === 'JobsGivenUp');
  expect(given?.expr).toContain(`exported_job="${queue}"`);
});

describe.skipIf(promtool.absent)(`promtool${promtool.note}`, () => {
  /** The printed files, with the token where a checker without secrets finds it. */
  const at = async (of = blueprint(), change: (files: Map<string, string>) => void = () => {}) => {
    const files = new Map(printed(of));
    change(files);
    const root = await onDisk(files);
    return join(root, home);
  };
  const edit = (path: string, from: string | RegExp, to: string) => (files: Map<string, string>) =>
    files.set(path, planted(file(files, path), from, to));
  const check = (cwd: string, ...args: string[]) => run(promtool.command, args, cwd);
  const tokenless = edit(`${home}/prometheus.yml`, /\/run\/secrets\/ops-token/g, 'prometheus.yml');

  test.each(monitored)('accepts configuration and rules of %s, and its alerts are proven', async (_, system) => {
    const cwd = await at(system(), tokenless);
    expect(await check(cwd, 'check', 'config', 'prometheus.yml')).toMatchObject({ code: 0 });
    expect(await check(cwd, 'test', 'rules', 'rules_test.yml')).toMatchObject({ code: 0 });
  });

  test('refuses an unknown key', async () => {
    const change = edit(`${home}/prometheus.yml`, 'scrape_timeout', 'scrape_timout');
    const { code, output } = await check(await at(blueprint(), change), 'check', 'config', 'prometheus.yml');
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('scrape_timout') });
  });

  test('refuses a rule that is not PromQL', async () => {
    const change = edit(rules, 'absent(', 'absnt(');
    const { code, output } = await check(await at(blueprint(), change), 'check', 'rules', 'rules/system.yml');
    expect({ code, output }).toMatchObject({ code: expect.any(Number), output: expect.stringContaining('absnt') });
    expect(code).not.toBe(0);
  });

  /** What promtool says after `change` of every alert's query. */
  const proveAgain = async (change: (expr: string) => string) => {
    const cwd = await at(blueprint(), (files) => {
      const model = parse(file(files, rules));
      for (const { rules: members } of model.groups)
        for (const rule of members) if (rule.alert) rule.expr = change(rule.expr);
      files.set(rules, JSON.stringify(model));
    });
    return check(cwd, 'test', 'rules', 'rules_test.yml');
  };

  test('fails for each alert that no longer fires', async () => {
    const { code, output } = await proveAgain((expr) => `(${expr}) and on () vector(0) > 1`);
    expect(code).toBe(1);
    for (const { name } of intents(blueprint(), 'alert'))
      expect(output).toMatch(new RegExp(`alertname: ${name}, time: \\S+\\s+exp:\\[\\s*0:`));
  });

  test('fails for each alert that fires without need', async () => {
    const { code, output } = await proveAgain(() => 'vector(1)');
    expect(code).toBe(1);
    for (const { name } of intents(blueprint(), 'alert'))
      expect(output).toMatch(new RegExp(`alertname: ${name}, time: \\S+\\s+exp:\\[\\],\\s+got:\\[\\s*0:`));
  });
});

/** Parsed declarations, shared by all programs. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** Diagnostics of a dashboard as a literal of the types that Grafana's own code generator makes from its schemas. */
function typeErrors(text: string): readonly string[] {
  const name = join(import.meta.dirname, 'dashboard.virtual.ts');
  const source = `import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';
/** JSON holds the values of string enums, not their members. */
type Json<T> = T extends string ? \`\${T}\` : T extends object ? { [K in keyof T]: Json<T[K]> } : T;
type Query = Omit<Dataquery, '_implementsDataqueryVariant'>;
type Shown = Omit<Panel, 'type' | 'targets'> & { type: 'stat' | 'timeseries'; targets: Query[] };
type Row = Omit<RowPanel, 'type'> & { type: 'row' };
type Board = Omit<Dashboard, 'panels'> & { panels: (Shown | Row)[] };
(${text}) satisfies Json<Board>;
`;
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2024,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => path === name || fileExists.call(host, path);
  host.getSourceFile = (path, ...rest) => {
    if (path === name) return ts.createSourceFile(path, source, ts.ScriptTarget.ES2024, true);
    if (!parsed.has(path)) parsed.set(path, getSourceFile.call(host, path, ...rest));
    return parsed.get(path);
  };
  const program = ts.createProgram([name], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('the dashboard', () => {
  const text = () => file(printed(blueprint()), board);

  test("is what Grafana's types say", () => {
    expect(typeErrors(text())).toEqual([]);
  });

  test.each([
    ['an unknown key', '"description"', '"descripton"', 'descripton'],
    ['an unknown kind of panel', '"stat"', '"stats"', 'stats'],
    ['a unit that is not text', '"unit": "reqps"', '"unit": 5', 'number'],
    ['a query without its text', '"expr"', '"exp"', 'exp'],
  ])('has types that see %s', (_, from, to, word) => {
    expect(typeErrors(planted(text(), from, to)).join('\n')).toContain(word);
  });

  test('shows every stated metric, no panel over another', () => {
    const of = blueprint();
    const queries = queriesOf(text()).flatMap(metricsOf);
    const metrics = intents(of, 'metric');
    const histograms = new Set(metrics.filter(({ kind }) => kind === 'histogram').map(({ name }) => name));
    const shown = new Set(queries.map((name) => stem(name, histograms)));
    for (const { name } of metrics) expect(shown).toContain(name);

    const taken = new Set<string>();
    for (const {
      gridPos: { x, y, w, h },
      title,
    } of panelsOf(text())) {
      expect(x + w, title).toBeLessThanOrEqual(24);
      for (let i = x; i < x + w; i += 1)
        for (let j = y; j < y + h; j += 1) {
          expect(taken.has(`${i},${j}`), title).toBe(false);
          taken.add(`${i},${j}`);
        }
    }
  });

  test('finds Prometheus and its own file where compose puts them', () => {
    const files = printed(blueprint());
    const compose = parse(file(files, 'deploy/compose/compose.yaml')).services.grafana;
    const [source] = parse(file(files, 'observability/grafana/provisioning/datasources/prometheus.yml')).datasources;
    const [provider] = parse(file(files, 'observability/grafana/provisioning/dashboards/system.yml')).providers;
    expect(source).toMatchObject({ uid: 'prometheus', url: '$PROMETHEUS_URL' });
    expect(compose.environment.PROMETHEUS_URL).toBe('http://prometheus:9090');
    expect(compose.volumes).toContain(`../../observability/grafana/dashboards:${provider.options.path}:ro`);
    for (const [, uid] of text().matchAll(/"uid": "([^"]+)"/g)) expect(['prometheus', 'shop']).toContain(uid);
  });
});
