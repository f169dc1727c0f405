import { store } from '../infra/store.ts';

console.log(store([1]));
