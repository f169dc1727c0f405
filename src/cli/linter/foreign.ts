import { realpathSync } from 'node:fs';
import { inCheckout } from '../../extract/workspace/checkout.ts';
import { hasConfiguration, TRUST } from '../../lint/dependency-cruiser/configuration.ts';
import { foreignRules } from '../../lint/dependency-cruiser/foreign.ts';
import { programOf } from '../../lint/dependency-cruiser/plug-and-play.ts';
import { KnownError } from '../../model/known-error.ts';
import type { Rule } from '../../model/rule.ts';
import type { Workspace } from '../../model/workspace.ts';
import { note } from '../output.ts';

export interface ForeignOptions {
  readonly engine?: 'auto' | 'cruise';
  readonly trustConfig?: boolean;
  /** Otherwise the rules only have their names, for settings that speak of them. */
  readonly run: boolean;
}

export const isTrusted = (flag: boolean | undefined): boolean => flag === true || process.env[TRUST] === '1';

/** The rules of a repository's dependency-cruiser configuration; says on standard error how they were run. */
export async function rulesOfRepository(
  path: string,
  workspace: Workspace,
  { engine = 'auto', trustConfig, run }: ForeignOptions,
): Promise<readonly Rule[]> {
  const trusted = isTrusted(trustConfig);
  const { rules, notes } = await foreignRules({ root: realpathSync(path), workspace, trusted, engine, run });
  for (const each of notes) note(`${each}\n`);
  return rules;
}

/**
 * The same rules as a commit states them, run over its files and what is installed now. Without a configuration there, there
 * are none.
 */
export async function rulesOfCommit(
  path: string,
  { commit, workspace }: { readonly commit: string; readonly workspace: Workspace },
  { engine = 'auto', trustConfig, run }: ForeignOptions,
): Promise<readonly Rule[]> {
  if (!hasConfiguration(workspace)) return [];
  const trusted = isTrusted(trustConfig);
  if (run && programOf(realpathSync(path)) !== undefined) {
    throw new KnownError("the packages of Plug'n'Play are known here alone, not for another commit.", {
      next: 'Lint without --since, with a baseline for what was there.',
    });
  }
  if (!run && !trusted)
    return (await foreignRules({ root: realpathSync(path), workspace, trusted, engine, run })).rules;
  const { rules, notes } = await inCheckout(realpathSync(path), commit, ({ top, copy, root }) =>
    foreignRules({ root, workspace, trusted, engine, run, installed: { from: top, to: copy } }),
  );
  for (const each of notes) note(`${commit.slice(0, 8)}: ${each}\n`);
  return rules;
}
