import { recognisers } from '../../extract/catalogue.gen.ts';
import { languages } from '../../extract/languages.gen.ts';
import { diskWorkspace } from '../../extract/workspace/disk.ts';
import { judgeExamples, statedBoundaries } from '../../lint/examples.ts';
import { readSystem } from '../../lint/lint.ts';
import { counted } from '../../model/counted.ts';
import { KnownError } from '../../model/known-error.ts';
import { print } from '../output.ts';

/**
 * Checks the examples of `architecture.yaml` against its boundaries. Returns 0, or 1 when one contradicts. Throws a
 * `KnownError` where there is none: nothing would be checked.
 */
export async function testConfigCommand(root: string): Promise<number> {
  const { model, loaded } = await readSystem(diskWorkspace(root), { languages, recognisers });
  const results = loaded ? judgeExamples(loaded, model.boundaries.all) : [];
  if (results.length === 0) {
    throw new KnownError('No boundary of architecture.yaml has an example: there is nothing to test.', {
      next: 'Give one of lint.boundaries good: ["<file> > <target>"] and bad: ["<file> > <target>"].',
    });
  }
  const wrong = results.filter(({ expected, found }) => expected !== found);
  for (const { example, expected, found, place } of wrong) {
    const but = found === 'not meant' ? 'its boundary is not about that file' : `it is ${found}`;
    print(`${place.file}:${place.line}:${place.column}: '${example}' should be ${expected}, but ${but}.\n`);
  }
  const without = statedBoundaries(loaded).filter(({ stated: { good, bad } }) => !good?.length || !bad?.length);
  const of = `${results.length - wrong.length} of ${counted(results.length, 'example')} hold`;
  print(`${of}${without.length > 0 ? `; ${without.length} boundaries lack a good or a bad one` : ''}.\n`);
  return wrong.length > 0 ? 1 : 0;
}
