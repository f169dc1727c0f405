import type { FileFacts } from '../../model/facts.ts';
import type { Language } from '../language.ts';
import { extractGuarded } from './guarded.ts';
import { linkTypeScript } from './resolve.ts';

/** TypeScript and JavaScript, every module dialect. */
export const typescript: Language = {
  id: 'typescript',
  version: 1,
  claims: (path) => /\.[cm]?[jt]sx?$/.test(path),
  extract: (source, recognisers, whole = false): FileFacts => extractGuarded(source, recognisers, whole),
  link: linkTypeScript,
};
