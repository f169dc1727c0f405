import { recognisers } from '../../extract/catalogue.gen.ts';
import { languages } from '../../extract/languages.gen.ts';
import { diskWorkspace } from '../../extract/workspace/disk.ts';
import { exportBoundaries } from '../../lint/dependency-cruiser/export.ts';
import { readSystem } from '../../lint/lint.ts';
import { visibleJson } from '../../model/visible.ts';
import { print } from '../output.ts';

/** Prints our boundaries as a configuration of dependency-cruiser. */
export async function exportCommand(path: string): Promise<void> {
  const workspace = diskWorkspace(path);
  const { model } = await readSystem(workspace, { languages, recognisers });
  print(visibleJson(exportBoundaries(model)));
}
