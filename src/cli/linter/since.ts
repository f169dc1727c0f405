import { realpathSync } from 'node:fs';
import { commitWorkspace, mergeBase, renamedSince } from '../../extract/workspace/git.ts';
import { gitIds } from '../../extract/workspace/ids.ts';
import { identities } from '../../lint/cache/identify.ts';
import { type Kept, remembering } from '../../lint/cache/memory.ts';
import { installedState } from '../../lint/cache/store.ts';
import type { Finding, Report } from '../../lint/finding.ts';
import { type LintInput, lint } from '../../lint/lint.ts';
import { FOREIGN } from '../../lint/own-rules.ts';
import { introducedSince } from '../../lint/since.ts';
import { KnownError } from '../../model/known-error.ts';
import type { Rule } from '../../model/rule.ts';
import type { Workspace } from '../../model/workspace.ts';

export interface Head {
  readonly report: Report;
  readonly input: LintInput;
  readonly kept: Kept;
  /** Rules that another program checks, for the commit; `run`: with what breaks them there, not only their names. */
  readonly foreign?: (at: {
    readonly commit: string;
    readonly workspace: Workspace;
    run: boolean;
  }) => Promise<readonly Rule[]>;
}

/**
 * The report of what is checked out, without what was there already where it branched off a revision. Where that cannot be
 * told, everything is reported, and the run could not check what it should.
 */
export async function sinceRevision(path: string, revision: string, head: Head): Promise<Report> {
  const root = realpathSync(path);
  const commit = mergeBase(root, revision);
  try {
    const base = await reportOf(root, commit, head);
    return introducedSince(head.report, base, { commit, renamed: renamedSince(root, commit) });
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    const problem = `What was there at ${commit.slice(0, 8)} already cannot be told: ${error.message} All of it is reported.`;
    return { ...head.report, problems: [...head.report.problems, problem], exitCode: 2 };
  }
}

async function reportOf(root: string, commit: string, { report, input, kept, foreign }: Head): Promise<Report> {
  const { workspace, ids } = commitWorkspace(root, commit, input.workspace, gitIds(root)?.ids ?? new Map());
  // Its facts are those of what is checked out wherever a file is as it was, and so are its installed packages.
  const known = remembering(kept, {
    workspace,
    identify: identities(workspace, ids),
    installed: installedState(root),
  });
  const { owner: _, maxWarnings: __, remembering: ___, ...same } = input;
  const isForeign = ({ rule }: Pick<Finding, 'rule'>) => rule.startsWith(FOREIGN);
  // Only from what is found can anything be taken away.
  const theirs = (await foreign?.({ commit, workspace, run: report.findings.some(isForeign) })) ?? [];
  // What a rule found out elsewhere says nothing about the base: all of it counts as introduced.
  const ours = same.rules
    .filter(({ id }) => !id.startsWith(FOREIGN))
    .map((rule) => (rule.fresh ? { ...rule, check: () => [] } : rule));
  return lint({ ...same, rules: [...ours, ...theirs], workspace, remembering: known });
}
