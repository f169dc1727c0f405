import type { Blueprint } from '../blueprint/schema.ts';
import type { Intent, Scope, Template } from './template.ts';

/**
 * Phase 1: everybody's intents, each key once, in the order of the templates. A template is asked about modules and
 * deployables of its own languages only.
 */
export function collect(
  blueprint: Blueprint,
  templates: readonly Template[],
  scopes: readonly Scope[],
): readonly Intent[] {
  const found = new Map<string, { readonly intent: Intent; readonly by: string }>();
  for (const template of templates) {
    const by = `${template.axis}/${template.id}`;
    for (const scope of scopes) {
      if (!speaks(template, scope)) continue;
      for (const intent of template.state?.(scope, blueprint) ?? []) {
        const key = keyOf(intent);
        const earlier = found.get(key);
        if (!earlier) found.set(key, { intent, by });
        else if (canonical(earlier.intent) !== canonical(intent))
          throw new Error(`${earlier.by} and ${by} state different values for ${key}.`);
      }
    }
  }
  return [...found.values()].map(({ intent }) => intent);
}

function speaks({ languages }: Template, scope: Scope): boolean {
  if (languages === 'any' || scope.per === 'system') return true;
  return languages.includes(scope.per === 'module' ? scope.module.language : scope.deployable.language);
}

export function keyOf(intent: Intent): string {
  switch (intent.is) {
    case 'resource':
    case 'job':
      return `${intent.is} ${intent.id}`;
    case 'setting':
      return `setting ${intent.name} of ${intent.readBy}`;
    case 'dependency':
      return `dependency ${intent.language} ${intent.at || '.'} ${intent.name}`;
    case 'adapter':
      return `adapter ${intent.language} ${intent.port} ${intent.scheme}`;
    case 'process':
      return `process ${intent.deployable}`;
    case 'function':
      return `function ${intent.id} of ${intent.deployable}`;
    case 'metric':
    case 'record':
    case 'alert':
      return `${intent.is} ${intent.name}`;
    case 'manifest':
      return `manifest ${intent.ecosystem} ${intent.at || '.'}`;
    case 'script':
      return `script ${intent.language} ${intent.name}`;
    case 'section':
      return `section ${intent.title}`;
  }
}

/** JSON with sorted keys: equal values print equally. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
