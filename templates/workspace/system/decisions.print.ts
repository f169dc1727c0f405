import type { SystemSpec } from '../../../src/plan/template.ts';

interface Decision {
  readonly file: string;
  readonly content: string;
}
export const decisions = (_: SystemSpec): readonly Decision[] => [];
