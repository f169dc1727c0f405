import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../config.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { createAuthenticator } from './authenticate.ts';
import { mintDevToken, verificationKeys } from './keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'auth-'));
const config = loadConfig({ DATA_DIR: folder });
afterAll(() => rmSync(folder, { recursive: true }));

async function authenticator(settings: Parameters<typeof verificationKeys>[0] = config) {
  const metrics = createMetrics();
  const keys = await verificationKeys(settings);
  const authenticate = createAuthenticator({
    issuer: config.AUTH_ISSUER,
    audience: config.AUTH_AUDIENCE,
    keys,
    metrics,
  });
  const count = async () => {
    const { values } = await metrics.authTokens.get();
    return Object.fromEntries(values.map(({ labels, value }) => [labels.result, value]));
  };
  return { authenticate: async (header?: string) => authenticate(header), count };
}

/** An issuer that serves its current keys, and tokens signed with them. */
async function issuer() {
  let keys: object[] = [];
  let { privateKey } = await generateKeyPair('ES256');
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const rotate = async (kid: string) => {
    const pair = await generateKeyPair('ES256');
    privateKey = pair.privateKey;
    keys = [{ ...(await exportJWK(pair.publicKey)), alg: 'ES256', kid }];
    return kid;
  };
  const sign = (kid: string, claims: Record<string, unknown>, expires = '1h') =>
    new SignJWT({ iss: config.AUTH_ISSUER, aud: config.AUTH_AUDIENCE, sub: 'ann', ...claims })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setExpirationTime(expires)
      .sign(privateKey);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  return { rotate, sign, url, close: () => server.close() };
}

describe('development issuer', () => {
  it('mints tokens that are verified once and survive a restart', async () => {
    const token = await mintDevToken(config, { subject: 'me', scopes: ['a:read', 'b:write'] });
    const { authenticate, count } = await authenticator();
    const principal = await authenticate(`Bearer ${token}`);
    expect(principal).toEqual({ subject: 'me', scopes: new Set(['a:read', 'b:write']) });
    expect(await authenticate(`bearer ${token}`)).toBe(principal);
    expect(await count()).toEqual({ verified: 1, cached: 1 });
    expect(await (await authenticator()).authenticate(`Bearer ${token}`)).toEqual(principal);
  });

  it('keeps its key for its owner, also when two processes make it at once, and never in production', async () => {
    const DATA_DIR = join(folder, 'fresh');
    const fresh = { ...config, DATA_DIR };
    const [one] = await Promise.all([0, 1].map(() => mintDevToken(fresh, { subject: 'me', scopes: [] })));
    expect(await (await authenticator(fresh)).authenticate(`Bearer ${one}`)).toMatchObject({ subject: 'me' });
    expect(statSync(join(DATA_DIR, 'development-key.json')).mode & 0o777).toBe(0o600);
    const production = { ...fresh, NODE_ENV: 'production' as const };
    await expect(verificationKeys(production)).rejects.toThrow('AUTH_JWKS_URL');
    await expect(mintDevToken(production, { subject: 'me', scopes: [] })).rejects.toThrow('AUTH_JWKS_URL');
  });
});

describe('authentication', () => {
  it('refuses what is not a valid token of this issuer for this audience, and says why', async () => {
    const remote = await issuer();
    const kid = await remote.rotate('one');
    const { authenticate } = await authenticator({ ...config, AUTH_JWKS_URL: remote.url });
    const refused = async (header: string | undefined) => {
      const problem = await authenticate(header).catch((error) => error);
      return [problem.status, problem.headers?.['www-authenticate']];
    };
    expect(await refused(undefined)).toEqual([401, 'Bearer']);
    expect(await refused('Basic eDp5')).toEqual([401, expect.stringContaining('invalid_token')]);
    const [header, , signature] = (await remote.sign(kid, {})).split('.');
    const other = Buffer.from('{"sub":"eve"}').toString('base64url');
    expect(await refused(`Bearer ${header}.${other}.${signature}`)).toEqual([
      401,
      expect.stringContaining('signature'),
    ]);
    for (const claims of [{ aud: 'other' }, { iss: 'other' }, { sub: undefined }]) {
      expect(await refused(`Bearer ${await remote.sign(kid, claims)}`)).toEqual([
        401,
        expect.stringContaining('claim'),
      ]);
    }
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${other}.`;
    expect(await refused(`Bearer ${unsigned}`)).toEqual([401, expect.stringContaining('invalid_token')]);
    expect(await authenticate(`Bearer ${await remote.sign(kid, { scp: ['a', 'b'] })}`)).toEqual({
      subject: 'ann',
      scopes: new Set(['a', 'b']),
    });
    remote.close();
  });

  it('forgets a token when it expires', async () => {
    const remote = await issuer();
    const token = await remote.sign(await remote.rotate('one'), {}, '1s');
    const { authenticate } = await authenticator({ ...config, AUTH_JWKS_URL: remote.url });
    await authenticate(`Bearer ${token}`);
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.advanceTimersByTime(10_000);
    await expect(authenticate(`Bearer ${token}`)).rejects.toMatchObject({ status: 401 });
    vi.useRealTimers();
    remote.close();
  });

  it('follows keys as they rotate, and blames itself when they cannot be fetched', async () => {
    const remote = await issuer();
    const { authenticate } = await authenticator({ ...config, AUTH_JWKS_URL: remote.url });
    await authenticate(`Bearer ${await remote.sign(await remote.rotate('one'), {})}`);
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.advanceTimersByTime(60_000);
    const token = await remote.sign(await remote.rotate('two'), {});
    expect(await authenticate(`Bearer ${token}`)).toMatchObject({ subject: 'ann' });
    vi.useRealTimers();
    remote.close();
    const { authenticate: unlucky } = await authenticator({ ...config, AUTH_JWKS_URL: remote.url });
    await expect(unlucky(`Bearer ${token}`)).rejects.toMatchObject({ status: 503 });
  });
});
