import { recognisers } from '../../extract/catalogue.gen.ts';
import { languages } from '../../extract/languages.gen.ts';
import type { Extractors } from '../../extract/read-files.ts';
import { expectFiles } from '../../extract/typescript/language.ts';
import { merged } from '../../lint/merged.ts';

/** Everything that reads files, with recognisers of the person's own. */
export const extractorsWith = (added: Extractors['recognisers']): Extractors => ({
  languages,
  recognisers: merged(recognisers, added),
});

/** Reads with the engine that is right for about so many files. */
export async function reading<T>(files: number | undefined, work: () => Promise<T>): Promise<T> {
  expectFiles(files);
  try {
    return await work();
  } finally {
    expectFiles(undefined);
  }
}
