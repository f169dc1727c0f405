import { rules } from '../../../rules/catalogue.gen.ts';
import { typescript } from '../../extract/typescript/language.ts';
import type { Added } from '../../lint/added.ts';
import type { Checked } from '../../lint/checked.ts';
import { type Checking, check } from '../../lint/lint.ts';
import type { Rule } from '../../model/rule.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Cache } from './cache.ts';
import { extractorsWith, reading } from './extractors.ts';

/** Checks a folder with everything that reads and judges it: loaded only where the cache does not know the outcome. */
export async function checkFolder(
  disk: Workspace,
  {
    foreign,
    added,
    only,
  }: { readonly foreign: readonly Rule[]; readonly added: Added; readonly only?: readonly string[] },
  cache: Cache | undefined,
): Promise<{ readonly checked: Checked; readonly checking: Checking }> {
  const extractors = extractorsWith(added.recognisers);
  return reading(cache?.toRead ?? disk.files.keys().filter(typescript.claims).toArray().length, async () => {
    const opened = cache?.open(extractors);
    const checking: Checking = {
      workspace: opened?.workspace ?? disk,
      extractors,
      rules: [...rules, ...added.rules, ...foreign],
      ...(only && { only }),
      ...(opened && { remembering: opened.remembering }),
    };
    const checked = await check(checking);
    opened?.close(checked);
    return { checked, checking };
  });
}
