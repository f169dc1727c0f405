import { rules } from '../../../rules/catalogue.gen.ts';
import { closest } from '../../blueprint/nearest.ts';
import { KnownError } from '../../model/known-error.ts';
import { print } from '../output.ts';

/** Prints a rule's page. Throws a `KnownError` with the nearest name for one that does not exist. */
export function explainCommand(id: string): void {
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
  );
}
