import { z } from 'zod';

export const contract = z.object({});
