import type { Collector } from './collect.ts';
import { unusual } from './guard.ts';
import { interpolateExpressions } from './interpolate.ts';
import type { Language } from './language.ts';
import { type Yaml, yamlFacts } from './yaml.ts';

const claimed = /(?:^|\/)\.(?:github|gitea|forgejo)\/workflows\/[^/]+\.ya?ml$/;

/** Workflows of GitHub Actions: jobs with what they run and use, their service containers and environment. */
export const githubActions: Language = {
  id: 'github-actions',
  version: 1,
  claims: (path) => claimed.test(path),
  risk: unusual,
  extract: (source) =>
    yamlFacts(source, (root, out) => {
      const shared = root.get('env');
      for (const { key, span, value } of root.get('jobs')?.entries() ?? []) {
        if (value.is === 'map') job(key, { ...value, span: [span[0], value.span[1]] }, shared, out);
      }
    }),
};

function job(name: string, node: Yaml, shared: Yaml | undefined, out: Collector): void {
  const steps = node.get('steps')?.items() ?? [];
  const texts = (key: string) => steps.flatMap((step) => step.get(key)?.text ?? []);
  out.emit('pipeline', node.span, {
    job: name,
    run: texts('run'),
    uses: [...texts('uses'), ...(node.get('uses')?.text ? [node.get('uses')?.text ?? ''] : [])],
  });
  for (const env of [shared, node.get('env'), ...steps.map((step) => step.get('env'))]) {
    for (const { key, span, value } of env?.entries() ?? []) {
      out.emit('env-set', [span[0], value.span[1]], {
        name: key,
        value: interpolateExpressions(value.text ?? ''),
        scope: name,
      });
    }
  }
  for (const { key, span, value } of node.get('services')?.entries() ?? []) {
    const image = value.get('image')?.text ?? value.text;
    const ports = (value.get('ports')?.items() ?? []).flatMap((item) => {
      const [, outside, inside] = /^(?:(\d+):)?(\d+)(?:\/\w+)?$/.exec(item.text ?? '') ?? [];
      return inside ? [{ inside: Number(inside), ...(outside && { outside: Number(outside) }) }] : [];
    });
    out.emit('process', [span[0], value.span[1]], { name: key, ...(image && { image }), dependsOn: [], ports });
    if (/--health-cmd/.test(value.get('options')?.text ?? ''))
      out.emit('probe', value.span, { checks: 'health', of: key });
  }
}
