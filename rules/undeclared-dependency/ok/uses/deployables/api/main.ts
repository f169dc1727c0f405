import { catalogModule } from '@shop/catalog/module';
import { ordersModule } from '@shop/orders/module';
export const wiring = [catalogModule, ordersModule];
