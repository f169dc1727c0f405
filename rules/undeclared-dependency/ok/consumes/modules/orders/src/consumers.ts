import { consume } from '@shop/platform/module';
import { catalogContract } from '@shop/catalog/contract';
export const consumers = [consume(catalogContract.events.productDeleted, async () => {})];
