import type { FileFacts } from '../../model/facts.ts';
import type { Language } from '../language.ts';
import { textOf } from '../workspace/text.ts';
import { extractGuarded } from './guarded.ts';
import { linkTypeScript } from './resolve.ts';

/** TypeScript and JavaScript, every module dialect. */
export const typescript: Language = {
  id: 'typescript',
  version: 1,
  claims: (path) => /\.[cm]?[jt]sx?$/.test(path),
  extract: ({ path, bytes }, recognisers): FileFacts => extractGuarded(path, textOf(bytes), recognisers),
  link: linkTypeScript,
};
