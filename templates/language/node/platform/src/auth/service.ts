import { jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Principal } from '../contract.ts';
import { problems } from '../http/problem.ts';

const lifetimeSeconds = 60;
const algorithm = 'HS256';

/** How the deployables of a system prove to each other who calls, and for whom. */
export interface ServiceTokens {
  /** An `authorization` header for calls on behalf of `principal`, or of this deployable itself. */
  sign(principal: Principal | undefined): Promise<string>;
  /** For whom the caller acts; undefined where it acts for itself. Throws the problem to answer with. */
  verify(authorization: string | undefined): Promise<Principal | undefined>;
}

/**
 * `secrets`: two while one is replaced by another; the first signs, both verify. Tokens live for a minute, so that one
 * that leaks is soon worthless, and are signed again when half of that is over.
 */
export function createServiceTokens(options: {
  readonly system: string;
  readonly name: string;
  readonly secrets: readonly string[];
}): ServiceTokens {
  const { system, name, secrets } = options;
  const keys = secrets.map((secret) => new TextEncoder().encode(secret));
  const audience = `${system}.internal`;
  const signed = new LRUCache<string, Promise<string>>({ max: 1_000, ttl: (lifetimeSeconds / 2) * 1000 });

  async function make(principal: Principal | undefined): Promise<string> {
    const claims = principal ? { azp: name, scope: [...principal.scopes].join(' ') } : { azp: name };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: algorithm })
      .setIssuer(system)
      .setAudience(audience)
      .setSubject(principal?.subject ?? name)
      .setIssuedAt()
      .setExpirationTime(`${lifetimeSeconds}s`)
      .sign(keys[0] as Uint8Array);
    return `Bearer ${token}`;
  }

  return {
    sign(principal) {
      const key = principal ? `${principal.subject} ${[...principal.scopes].join(' ')}` : '';
      const known = signed.get(key) ?? make(principal);
      signed.set(key, known, { noUpdateTTL: true });
      return known;
    },
    async verify(authorization = '') {
      const token = authorization.replace(/^Bearer /, '');
      const how = { issuer: system, audience, algorithms: [algorithm], requiredClaims: ['exp', 'sub', 'azp'] };
      for (const key of keys) {
        try {
          const { payload } = await jwtVerify(token, key, how);
          if (typeof payload.scope !== 'string') return undefined;
          return { subject: payload.sub as string, scopes: new Set(payload.scope.split(' ')) };
        } catch {}
      }
      throw problems.unauthenticated('Bearer', 'This listener is for the deployables of this system.');
    },
  };
}
