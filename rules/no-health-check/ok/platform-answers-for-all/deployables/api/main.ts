import { run } from '@shop/platform/host';
await run();
