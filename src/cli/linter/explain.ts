import { closest } from '../../blueprint/nearest.ts';
import { KnownError } from '../../model/known-error.ts';
import { visibleLines } from '../../model/visible.ts';
import { print } from '../output.ts';
import { rulesWith } from './rules.ts';

/** Prints a rule's page; `file`: with more rules. Throws a `KnownError` with the nearest name for one that does not exist. */
export async function explainCommand(id: string, { rules: file }: { readonly rules?: string }): Promise<void> {
  const rules = await rulesWith(file);
  const rule = rules.find((each) => each.id === id);
  if (!rule) {
    const near = closest(
      id,
      rules.map((each) => each.id),
    );
    throw new KnownError(`There is no rule '${id}'.`, {
      next: near ? `Did you mean '${near}'?` : 'List them with: scalable-backend rules',
    });
  }
  const { title, why, fix, source, severity, presets } = rule;
  print(
    visibleLines(
      [
        `${id}: ${title}`,
        '',
        `  why       ${why}`,
        `  fix       ${fix}`,
        `  severity  ${severity} (${presets.join(', ')})`,
        `  source    ${source}`,
        '',
        `  accept one finding:  // scalable-backend-ignore ${id}: reason (owner) until 2027-01-31`,
        `  set it:              lint: { rules: { ${id}: warning } }   in architecture.yaml`,
        '',
      ].join('\n'),
    ),
  );
}
