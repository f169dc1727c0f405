import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Choice } from '../../src/blueprint/questions.ts';
import { type Generated, notice } from './generated.ts';

/** What the axes offer, as data: help and flags need it before, and often without, loading any template. */
export async function choices(root: string): Promise<Generated[]> {
  const { templates } = (await import(pathToFileURL(join(root, 'templates', 'catalogue.gen.ts')).href)) as {
    templates: readonly Choice[];
  };
  const lines = templates.map(({ axis, id, title, why }) => `  ${JSON.stringify({ axis, id, title, why })},`);
  const text = [
    `// ${notice}`,
    "import type { Choice } from '../src/blueprint/questions.ts';",
    '',
    'export const choices: readonly Choice[] = [',
    ...lines,
    '];',
    '',
  ].join('\n');
  return [{ path: 'templates/choices.gen.ts', text }];
}
