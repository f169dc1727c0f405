import type { Language } from '../language.ts';
import { textOf } from '../workspace/text.ts';
import { extractText } from './extract.ts';
import { suspicious } from './guard.ts';
import { bestEngine, type Engine } from './parse.ts';
import { linkTypeScript } from './resolve.ts';

/** TypeScript and JavaScript, every module dialect; `bin/www` is what the generator of Express starts. */
export const typescript: Language = {
  id: 'typescript',
  version: 2,
  claims: (path) => /\.[cm]?[jt]sx?$|(?:^|\/)bin\/www$/.test(path),
  risk: suspicious,
  extract: ({ path, bytes }, recognisers, whole = false) =>
    extractText(path, textOf(bytes), recognisers, chosen ?? bestEngine(), whole),
  link: linkTypeScript,
};

/** For fewer files, reserving the fast engine's buffer costs more than it saves: measured, 100 are even. */
const FEW = 60;
let chosen: Engine | undefined;
/**
 * Says how many files are about to be read, so that the right engine reads them; undefined: nobody knows. The buffer of the
 * fast one is reserved at once, because that makes V8 search the whole heap, in which there is little so far.
 */
export function expectFiles(count: number | undefined): void {
  chosen = count === undefined ? undefined : count < FEW ? 'plain' : bestEngine();
}
