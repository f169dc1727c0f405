import { price } from '../domain/product.ts';

export const list = [price];
