import { run } from '@news-desk/platform/host';
import { wiring } from './wiring.gen.ts';

await run(wiring);
