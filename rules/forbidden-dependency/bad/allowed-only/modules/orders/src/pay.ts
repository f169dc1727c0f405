import { contract } from '../../payments/src/contract.ts';

export const pay = contract;
