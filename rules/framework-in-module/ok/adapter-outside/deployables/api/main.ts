import { app } from '@shop/platform/http';
export const a = app;
