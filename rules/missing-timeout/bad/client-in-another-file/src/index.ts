export { http as client } from './http.ts';
