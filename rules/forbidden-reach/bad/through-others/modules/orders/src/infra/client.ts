import { request } from 'http';

export const client = request;
