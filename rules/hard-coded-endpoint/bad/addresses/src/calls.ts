import pg from 'pg';
import axios from 'axios';

const CATALOG_URL = 'http://10.0.0.7:8080/api';
export const settings = { baseURL: 'http://inventory:3000', broker_url: 'amqp://rabbitmq:5672' };
export const a = (id: string) => fetch(`${CATALOG_URL}/products/${id}`, { signal: AbortSignal.timeout(1) });
export const b = () => fetch('http://orders.shop.svc.cluster.local/orders', { signal: AbortSignal.timeout(1) });
export const c = axios.create({ baseURL: 'http://localhost:4000', timeout: 1 });
export const pool = new pg.Pool({ connectionString: 'postgres://app:secret@db:5432/app' });
export class Remote {
  readonly endpoint = '192.168.1.20:9200';
}
