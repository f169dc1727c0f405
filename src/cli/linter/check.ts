import { rules } from '../../../rules/catalogue.gen.ts';
import { recognisers } from '../../extract/catalogue.gen.ts';
import { languages } from '../../extract/languages.gen.ts';
import { expectFiles, typescript } from '../../extract/typescript/language.ts';
import { type Added, merged } from '../../lint/added.ts';
import type { Checked } from '../../lint/checked.ts';
import { type Checking, check } from '../../lint/lint.ts';
import type { Rule } from '../../model/rule.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Cache } from './cache.ts';

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
  const extractors = { languages, recognisers: merged(recognisers, added.recognisers) };
  const sources = [...disk.files.keys()].filter(typescript.claims);
  expectFiles(Math.min(cache?.edited ?? sources.length, sources.length));
  const known = await cache?.afterEdits(extractors);
  const opened = known ? undefined : cache?.open(extractors);
  const checking: Checking = {
    workspace: opened?.workspace ?? disk,
    extractors,
    rules: [...rules, ...added.rules, ...foreign],
    ...(only && { only }),
    ...(opened && { remembering: opened.remembering }),
  };
  try {
    const checked = known ?? (await check(checking));
    opened?.close(checked);
    return { checked, checking };
  } finally {
    expectFiles(undefined);
  }
}
