import { reset } from './support.ts';
reset();
