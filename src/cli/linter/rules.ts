import { rules } from '../../../rules/catalogue.gen.ts';
import { visibleJson } from '../../model/visible.ts';
import { print } from '../output.ts';

/** Lists every rule with what it is about. */
export function rulesCommand({ json }: { readonly json?: boolean }): void {
  if (json) {
    const list = rules.map(({ id, title, why, fix, source, severity, presets }) => ({
      id,
      title,
      why,
      fix,
      source,
      severity,
      presets,
    }));
    print(visibleJson(list));
    return;
  }
  const width = Math.max(...rules.map(({ id }) => id.length));
  for (const { id, severity, title } of rules) print(`${id.padEnd(width)}  ${severity.padEnd(7)}  ${title}\n`);
}
