import { run } from '@tiny/platform/host';
import { wiring } from './wiring.gen.ts';

await run(wiring);
