import { recognisers } from '../../extract/catalogue.gen.ts';
import { languages } from '../../extract/languages.gen.ts';
import { diskWorkspace } from '../../extract/workspace/disk.ts';
import { readSystem } from '../../lint/lint.ts';
import { graphJson, graphMermaid } from '../../report/graph.ts';
import { print } from '../output.ts';

/** Prints the system as a graph; 2 when nothing could be read. */
export async function graphCommand(path: string, { format }: { readonly format: 'mermaid' | 'json' }): Promise<number> {
  const { model } = await readSystem(diskWorkspace(path), { languages, recognisers });
  print(format === 'json' ? graphJson(model) : graphMermaid(model));
  return model.files.size === 0 ? 2 : 0;
}
