import { serve } from '../http.ts';

export const store = serve;
