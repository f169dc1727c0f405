import { run } from '@shop/platform/host';
import { wiring } from './wiring.gen.ts';

await run(wiring);
