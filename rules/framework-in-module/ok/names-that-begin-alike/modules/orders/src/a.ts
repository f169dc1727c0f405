import { nextTick } from 'nextjs-like';
import expressions from 'expressions';
import next from './next.ts';
export const a = [nextTick, expressions, next];
