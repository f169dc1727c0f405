import { readFileSync } from 'node:fs';
import { place } from './place.ts';

export const stored = () => [readFileSync('x'), place()];
