import { recognisers } from '../../extract/catalogue.gen.ts';
import { languages } from '../../extract/languages.gen.ts';
import { diskWorkspace } from '../../extract/workspace/disk.ts';
import { readSystem } from '../../lint/lint.ts';
import { graphDot, graphJson, graphMermaid } from '../../report/graph.ts';
import { print } from '../output.ts';

const formats = { mermaid: graphMermaid, dot: graphDot, json: graphJson } as const;

/** Prints the system as a graph; 2 when nothing could be read. */
export async function graphCommand(
  path: string,
  { format }: { readonly format: keyof typeof formats },
): Promise<number> {
  const { model } = await readSystem(diskWorkspace(path), { languages, recognisers });
  print(formats[format](model));
  return model.files.size === 0 ? 2 : 0;
}
