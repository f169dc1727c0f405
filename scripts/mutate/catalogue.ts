import type { Defect } from './defect.ts';
import { defects as extract } from './defects/extract.ts';
import { defects as lint } from './defects/lint.ts';
import { defects as output } from './defects/output.ts';
import { defects as rules } from './defects/rules.ts';

export const defects: readonly Defect[] = [...extract, ...lint, ...output, ...rules];
