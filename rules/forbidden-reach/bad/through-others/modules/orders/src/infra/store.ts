export { client as store } from './client.ts';
