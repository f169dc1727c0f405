import type { SystemSpec } from '../../../src/plan/template.ts';
import { type Question, question, questions } from './panels.ts';

export const datasource = { type: 'prometheus', uid: 'prometheus' };

/** Metrics that Prometheus itself makes for every target. */
const always = ['up'];

const width = 24;
const sizes = { now: { w: 6, h: 4 }, 'over-time': { w: 8, h: 8 } };

/** One dashboard: every question whose metrics are stated, and a plain one about each metric that is left. */
export function dashboard(system: SystemSpec): object {
  const { name } = system.blueprint;
  return {
    uid: name,
    title: name,
    tags: ['generated'],
    timezone: 'browser',
    editable: true,
    graphTooltip: 1,
    time: { from: 'now-1h', to: 'now' },
    refresh: '30s',
    schemaVersion: 41,
    templating: {
      list: [
        {
          type: 'query',
          name: 'job',
          label: 'Deployable',
          datasource,
          query: 'label_values(up, job)',
          refresh: 2,
          multi: true,
          includeAll: true,
          allValue: '.+',
        },
      ],
    },
    annotations: { list: [] },
    panels: panels(asked(system)),
  };
}

function asked(system: SystemSpec): readonly Question[] {
  const metrics = system.all('metric');
  const stated = new Set([
    ...always,
    ...metrics.map(({ name }) => name),
    ...system.all('record').map(({ name }) => name),
  ]);
  const fit = questions.filter(({ needs }) => needs.every((name) => stated.has(name)));
  const covered = new Set(fit.flatMap(({ needs }) => needs));
  return [...fit, ...metrics.filter(({ name }) => !covered.has(name)).map(question)];
}

/** Panels from left to right, a headed row for each group of questions. */
function panels(asked: readonly Question[]): object[] {
  const out: object[] = [];
  let y = 0;
  const add = (panel: object) => out.push({ id: out.length + 1, ...panel });
  for (const [row, members] of Map.groupBy(asked, (one) => one.row)) {
    add({ type: 'row', title: row, collapsed: false, gridPos: { x: 0, y, w: width, h: 1 }, panels: [] });
    y += 1;
    let x = 0;
    let height = 0;
    for (const member of members) {
      const { w, h } = sizes[member.show ?? 'over-time'];
      if (x + w > width) {
        x = 0;
        y += height;
      }
      add({ ...panel(member), gridPos: { x, y, w, h } });
      x += w;
      height = h;
    }
    y += height;
  }
  return out;
}

const panel = ({ title, doc, unit, lines, show }: Question) => ({
  type: show === 'now' ? 'stat' : 'timeseries',
  title,
  description: doc,
  datasource,
  fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
  targets: lines.map(({ expr, legend }, index) => ({
    refId: String.fromCharCode(65 + index),
    datasource,
    expr,
    legendFormat: legend,
  })),
});
