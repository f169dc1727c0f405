import { serve } from '../http.ts';

export const order = serve;
