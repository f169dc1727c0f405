import { catalogModule } from '@shop/catalog/module';
export const wiring = [catalogModule];
