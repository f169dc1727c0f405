import axios from 'axios';
import { request } from 'undici';

const limits = { signal: AbortSignal.timeout(1000) };
const second = 1000;
export const a = () => fetch('https://a.example/x', { signal: AbortSignal.timeout(5_000) });
export const b = () => fetch('https://a.example/x', limits);
export const c = () => fetch('https://a.example/x', { ...limits, method: 'POST' });
export const d = (init: RequestInit) => fetch('https://a.example/x', init);
export const e = (more: RequestInit) => fetch('https://a.example/x', { ...more });
export const f = (url: string) => axios.get(url, { timeout: 5 * second });
export const g = (url: string) => axios.post(url, {}, { signal: AbortSignal.timeout(1000) });
export const h = (url: string) => axios({ url, timeout: 100 });
export const i = (url: string) => request(url, { headersTimeout: 1000, bodyTimeout: 1000 });
export const j = (url: string, args: [string, RequestInit]) => fetch(...args);
