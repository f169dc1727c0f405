import { readFileSync } from 'fs';
import type { Pool } from 'pg';

export const total = (prices: readonly number[], pool?: Pool): number => prices.length + readFileSync('x').length + Number(pool);
