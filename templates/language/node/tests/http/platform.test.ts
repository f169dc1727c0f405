import { beforeAll, expect, it } from 'vitest';
import { type System, system } from '../system.ts';

let at: System;
beforeAll(async () => {
  at = await system();
});

it.each(['/livez', '/readyz'])('answers %s without a token', async (path) => {
  expect((await at.anonymous.get(path)).status).toBe(200);
});

it('describes its operations', async () => {
  const { status, body } = await at.anonymous.get('/openapi.json');
  expect(status).toBe(200);
  expect(Object.keys(body.paths)).not.toHaveLength(0);
  expect((await at.anonymous.get('/docs')).text).toContain('<title>');
});

it('says what is wrong with a path or a method', async () => {
  expect((await at.api.get('/nowhere')).status).toBe(404);
  const { status, headers } = await at.api.delete('/livez');
  expect([status, headers.get('allow')]).toEqual([405, 'GET']);
});

it.each(['/livez', '/docs'])('sends headers that keep browsers out, %s', async (path) => {
  const { headers } = await at.anonymous.get(path);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
});

it('measures requests on the operations port only', async ({ skip }) => {
  if (!at.ops) return skip('OPS_URL is not set');
  expect((await at.ops.get('/metrics')).text).toContain('http_request_duration_seconds_bucket');
  expect((await at.api.get('/metrics')).status).toBe(404);
});
