import { http } from './index.ts';
import other from './http.ts';

export const get = (id: string) => http.get(`/x/${id}`);
export const put = (id: string) => other.put(`/x/${id}`, {});
