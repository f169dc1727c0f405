import { mkdirSync, readFileSync, rmSync, writeFileSync, linkSync } from 'node:fs';
import { join } from 'node:path';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTVerifyGetKey,
  SignJWT,
} from 'jose';
import type { Config } from '../config.ts';
import { httpClient } from '../resilience.ts';

type AuthConfig = Pick<Config, 'NODE_ENV' | 'DATA_DIR' | 'AUTH_ISSUER' | 'AUTH_AUDIENCE' | 'AUTH_JWKS_URL'>;

/** The public keys that tokens are verified with: the issuer's, followed as they rotate, or the development key. */
export async function verificationKeys(config: AuthConfig): Promise<JWTVerifyGetKey> {
  if (config.AUTH_JWKS_URL) {
    return createRemoteJWKSet(new URL(config.AUTH_JWKS_URL), { [customFetch]: httpClient({ timeoutMs: 3_000 }) });
  }
  const { d: _private, ...publicKey } = await developmentKey(config);
  return createLocalJWKSet({ keys: [publicKey] });
}

/** A token of the development issuer; `npm run token` prints one. Throws in production. */
export async function mintDevToken(
  config: AuthConfig,
  { subject, scopes, hours = 12 }: { subject: string; scopes: readonly string[]; hours?: number },
): Promise<string> {
  if (config.AUTH_JWKS_URL) throw new Error('AUTH_JWKS_URL is set: ask that issuer for a token');
  const key = await developmentKey(config);
  return new SignJWT({ scope: scopes.join(' ') })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid as string })
    .setSubject(subject)
    .setIssuer(config.AUTH_ISSUER)
    .setAudience(config.AUTH_AUDIENCE)
    .setIssuedAt()
    .setExpirationTime(`${hours}h`)
    .sign(await importJWK(key, 'EdDSA'));
}

/** Made once and kept for its owner only, so that tokens survive restarts. */
async function developmentKey({ NODE_ENV, DATA_DIR }: AuthConfig): Promise<JWK> {
  if (NODE_ENV === 'production') throw new Error('The development issuer refuses production: set AUTH_JWKS_URL');
  const file = join(DATA_DIR, 'development-key.json');
  const read = () => JSON.parse(readFileSync(file, 'utf8')) as JWK;
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), alg: 'EdDSA', kid: `development-${Date.now()}` };
  mkdirSync(DATA_DIR, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(key), { mode: 0o600 });
  try {
    // A link fails where the file exists: of two processes that start together, both use the first one's key.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return read();
}
