import { order } from './domain/order.ts';
import { serve } from './http.ts';

export const module = { order, serve };
