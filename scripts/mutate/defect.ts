import { stripTypeScriptTypes } from 'node:module';

/** A mistake that a change of the linter could make, seeded to see whether a suite notices. */
export interface Defect {
  /** What is wrong, in a few words: `drop-require`. */
  readonly id: string;
  /** Relative to the repository. */
  readonly file: string;
  /** What the linter does wrong then; one sentence. */
  readonly what: string;
  /** Must be in the file exactly once. */
  readonly from: string;
  readonly to: string;
}

/**
 * The file's text with the defect in it. Throws where the catalogue is out of date (what it replaces is not there exactly
 * once) and where the result is no TypeScript.
 */
export function seeded(text: string, { id, file, from, to }: Defect): string {
  const at = text.indexOf(from);
  if (at === -1) throw new Error(`${id}: ${file} has no \`${from}\``);
  if (text.indexOf(from, at + 1) !== -1) throw new Error(`${id}: ${file} has \`${from}\` more than once`);
  if (from === to) throw new Error(`${id}: replaces nothing`);
  const result = text.slice(0, at) + to + text.slice(at + from.length);
  try {
    stripTypeScriptTypes(result);
  } catch (error) {
    throw new Error(`${id}: not TypeScript any more: ${(error as Error).message}`);
  }
  return result;
}

/** A catalogue by file. */
export const seeds = (byFile: Readonly<Record<string, readonly Omit<Defect, 'file'>[]>>): readonly Defect[] =>
  Object.entries(byFile).flatMap(([file, list]) => list.map((each) => ({ ...each, file })));
