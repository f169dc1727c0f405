import axios, { type AxiosInstance } from 'axios';
import * as everything from 'axios';

const client = axios.create({ baseURL: 'https://a.example' });
const never = { timeout: 0 };
export class Catalog {
  private readonly http: AxiosInstance;
  constructor(private readonly other = axios.create()) {
    this.http = axios.create({ baseURL: 'https://b.example' });
  }
  find(id: string) {
    return this.http.get(`/x/${id}`);
  }
  list() {
    return this.other.get('/x');
  }
}
export const a = (url: string) => axios.get(url, never);
export const b = (url: string) => everything.default.post(url, {});
export const c = () => client.delete('/x');
export const { put } = axios;
export const d = (url: string) => put(url, {});
export const e = async (url: string) => (await import('axios')).default.get(url);
