import { store } from '../infra/store.ts';

export const total = store;
