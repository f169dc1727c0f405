import { contract } from '../../../orders/src/contract.ts';

export const list = [contract];
