import { rules } from '../../../rules/catalogue.gen.ts';
import type { Rule } from '../../model/rule.ts';
import { visible, visibleJson } from '../../model/visible.ts';
import { print } from '../output.ts';
import { addedFrom } from './added.ts';

export interface RulesOptions {
  readonly json?: boolean;
  /** A file with more of them. */
  readonly rules?: string;
}

/** Lists every rule with what it is about. */
export async function rulesCommand({ json, rules: file }: RulesOptions): Promise<void> {
  const all = await rulesWith(file);
  if (json) {
    const list = all.map(({ id, title, why, fix, source, severity, presets }) => ({
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
  const width = Math.max(...all.map(({ id }) => id.length));
  for (const { id, severity, title } of all)
    print(`${visible(`${id.padEnd(width)}  ${severity.padEnd(7)}  ${title}`)}\n`);
}

/** The linter's rules, and those of a file that the person named. */
export const rulesWith = async (file: string | undefined): Promise<readonly Rule[]> =>
  file === undefined ? rules : [...rules, ...(await addedFrom(file)).added.rules];
