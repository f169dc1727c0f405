import type { Language } from '../language.ts';
import { textOf } from '../workspace/text.ts';
import { extractText } from './extract.ts';
import { suspicious } from './guard.ts';
import { bestEngine } from './parse.ts';
import { linkTypeScript } from './resolve.ts';

/** TypeScript and JavaScript, every module dialect. */
export const typescript: Language = {
  id: 'typescript',
  version: 2,
  claims: (path) => /\.[cm]?[jt]sx?$/.test(path),
  risk: suspicious,
  extract: ({ path, bytes }, recognisers, whole = false) =>
    extractText(path, textOf(bytes), recognisers, bestEngine(), whole),
  link: linkTypeScript,
};
