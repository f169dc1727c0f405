import { store } from './infra/store.ts';

export const module = { store };
