import { parser } from '@prometheus-io/lezer-promql';

/** Names of the metrics that a query reads. Throws where it is not PromQL. */
export function metricsOf(query: string): readonly string[] {
  const names: string[] = [];
  parser.parse(query).iterate({
    enter: ({ type, name, from, to, node }) => {
      if (type.isError) throw new Error(`Not PromQL at ${from}: ${query}`);
      if (name === 'Identifier' && node.parent?.name === 'VectorSelector') names.push(query.slice(from, to));
    },
  });
  return names;
}

const parts = /_(bucket|count|sum)$/;

/** The stated metric that a sample's name belongs to, or the name itself. */
export const stem = (name: string, histograms: ReadonlySet<string>): string => {
  const base = name.replace(parts, '');
  return histograms.has(base) ? base : name;
};
