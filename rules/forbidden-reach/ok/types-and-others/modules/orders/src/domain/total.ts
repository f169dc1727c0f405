import type { serve } from '../http.ts';
import { routes } from '../../../catalog/src/http.ts';

export const total = (server?: typeof serve) => [routes, server];
