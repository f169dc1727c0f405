import { realpathSync } from 'node:fs';
import { recognisers } from '../../extract/catalogue.gen.ts';
import { languages } from '../../extract/languages.gen.ts';
import { diskWorkspace } from '../../extract/workspace/disk.ts';
import { verifyEngine } from '../../lint/dependency-cruiser/verify.ts';
import { readSystem } from '../../lint/lint.ts';
import { print } from '../output.ts';

/** Compares our imports with dependency-cruiser's on this repository; 1 when they differ, 2 when there are none. */
export async function verifyCommand(path: string): Promise<number> {
  const workspace = diskWorkspace(path);
  const { model } = await readSystem(workspace, { languages, recognisers });
  const { files, equal, differences } = verifyEngine(realpathSync(path), model);
  for (const { from, to, seenBy } of differences) print(`only ${seenBy}: ${from} → ${to}\n`);
  const many = differences.length === 1 ? '1 difference' : `${differences.length} differences`;
  print(`${files} TypeScript and JavaScript files, ${equal} imports equal, ${many} to dependency-cruiser.\n`);
  if (differences.length > 0) {
    print(
      'A workspace package that is not installed, or a second tsconfig.json, is seen by ours alone; anything else is worth reporting.\n',
    );
  }
  return files === 0 ? 2 : differences.length > 0 ? 1 : 0;
}
