import { hash } from 'node:crypto';
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Principal } from '../contract.ts';
import { problems } from '../http/problem.ts';
import type { Metrics } from '../telemetry/metrics.ts';

export interface AuthenticatorOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: JWTVerifyGetKey;
  readonly metrics: Metrics;
}
/** Pinned, so that no token chooses its own verification: no `none`, no shared secrets. */
const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];
const clockToleranceSeconds = 5;

interface Verified {
  readonly principal: Principal;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/**
 * Verifies bearer tokens. A verified token is remembered by its hash until it expires, because verifying one costs
 * more than the rest of a request; so a token that is revoked works until then: issue short-lived ones. Hashing costs
 * a tenth of a request too, so headers as they came are remembered as well, for seconds only: a dump of the memory
 * shall not hold more tokens than those in use.
 */
export function createAuthenticator({ issuer, audience, keys, metrics }: AuthenticatorOptions) {
  const cached = metrics.authTokens.labels('cached');
  const verified = new LRUCache<string, Verified>({ max: 10_000 });
  const recent = new Map<string, Verified>();
  setInterval(() => recent.clear(), 5_000).unref();
  const claims = {
    issuer,
    audience,
    algorithms,
    clockTolerance: clockToleranceSeconds,
    requiredClaims: ['exp', 'sub'],
  };

  async function verify(token: string, key: string): Promise<Principal> {
    try {
      const { payload } = await jwtVerify(token, keys, claims);
      const principal = { subject: payload.sub as string, scopes: scopesOf(payload) };
      verified.set(key, { principal, until: (payload.exp as number) * 1000 });
      metrics.authTokens.inc({ result: 'verified' });
      return principal;
    } catch (error) {
      if (!isRefusal(error)) throw problems.unavailable('The keys of the issuer cannot be fetched.', error);
      metrics.authTokens.inc({ result: 'refused' });
      throw refuse(error.message.replaceAll('"', "'"));
    }
  }

  return (authorization: string | undefined): Principal | Promise<Principal> => {
    if (authorization === undefined) throw problems.unauthenticated('Bearer', 'Send a bearer token.');
    let known = recent.get(authorization);
    if (!known) {
      if (authorization.slice(0, 7).toLowerCase() !== 'bearer ') throw refuse('not a bearer token');
      const token = authorization.slice(7).trim();
      const key = hash('sha256', token, 'base64');
      known = verified.get(key);
      if (!known || known.until <= Date.now()) return verify(token, key);
      if (recent.size === 1_000) recent.clear();
      recent.set(authorization, known);
    }
    if (known.until <= Date.now()) throw refuse('"exp" claim timestamp check failed');
    cached.inc();
    return known.principal;
  };
}

/** Everything but trouble with fetching the keys, which is not the caller's fault. */
function isRefusal(error: unknown): error is errors.JOSEError {
  return (
    error instanceof errors.JOSEError &&
    !['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'].includes(error.code)
  );
}

/** `scope` (RFC 8693) is one text, `scp` of some issuers a list. */
function scopesOf({ scope, scp }: JWTPayload): ReadonlySet<string> {
  const stated = scope ?? scp ?? '';
  return new Set(Array.isArray(stated) ? stated.map(String) : String(stated).split(' '));
}

const refuse = (why: string) =>
  problems.unauthenticated(`Bearer error="invalid_token", error_description="${why}"`, `The token is refused: ${why}.`);
