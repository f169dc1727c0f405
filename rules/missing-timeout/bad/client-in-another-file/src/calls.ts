import { client } from './index.ts';

export const get = (id: string) => client.get(`/x/${id}`);
