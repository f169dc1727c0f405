import { realpathSync } from 'node:fs';
import { commitWorkspace, mergeBase, renamedSince } from '../../extract/workspace/git.ts';
import { gitIds } from '../../extract/workspace/ids.ts';
import { identities } from '../../lint/cache/identify.ts';
import { type Kept, remembering } from '../../lint/cache/memory.ts';
import { installedState } from '../../lint/cache/store.ts';
import type { Report } from '../../lint/finding.ts';
import { type LintInput, lint } from '../../lint/lint.ts';
import { introducedSince } from '../../lint/since.ts';

/** The report of what is checked out, without what was there already where it branched off a revision. */
export async function sinceRevision(
  path: string,
  revision: string,
  { report, input, kept }: { readonly report: Report; readonly input: LintInput; readonly kept: Kept },
): Promise<Report> {
  const root = realpathSync(path);
  const commit = mergeBase(root, revision);
  const { workspace, ids } = commitWorkspace(root, commit, input.workspace, gitIds(root)?.ids ?? new Map());
  // Its facts are those of what is checked out wherever a file is as it was, and so are its installed packages.
  const known = remembering(kept, {
    workspace,
    identify: identities(workspace, ids),
    installed: installedState(root),
  });
  const { owner: _, maxWarnings: __, remembering: ___, ...same } = input;
  // What another program found on disk says nothing about the base: all of it counts as introduced.
  const rules = same.rules.map((rule) => (rule.fresh ? { ...rule, check: () => [] } : rule));
  const base = await lint({ ...same, rules, workspace, remembering: known });
  return introducedSince(report, base, { commit, renamed: renamedSince(root, commit) });
}
