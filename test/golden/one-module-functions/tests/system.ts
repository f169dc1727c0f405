import { testHost } from '@shop/platform/testing';
import { type Api, createApi } from './http/api.ts';
import { wiring } from './wiring.gen.ts';

/** What the suites talk to: clients for what is allowed, and addresses. */
export interface System {
  /** May do everything. */
  readonly api: Api;
  /** Sends no token. */
  readonly anonymous: Api;
  /** Has a token without any scope; undefined where nobody can mint one. */
  readonly powerless: Api | undefined;
  /** Reads /metrics; undefined where its address is not known. */
  readonly ops: Api | undefined;
}
let running: Promise<System> | undefined;

/**
 * The system at BASE_URL (with TOKEN, which needs every scope, and OPS_URL and OPS_TOKEN for what metrics show), or
 * else all of it in this process: one host for all suites, because an embedded database costs half a gigabyte.
 */
export function system(): Promise<System> {
  const { SYSTEM_URL, TOKEN, OPS_URL, OPS_TOKEN } = process.env;
  running ??= SYSTEM_URL ? Promise.resolve(remote(SYSTEM_URL, TOKEN, OPS_URL, OPS_TOKEN)) : inThisProcess();
  return running;
}

function remote(url: string, token?: string, opsUrl?: string, opsToken?: string): System {
  return {
    api: createApi(url, token),
    anonymous: createApi(url),
    powerless: undefined,
    ops: opsUrl ? createApi(opsUrl, opsToken) : undefined,
  };
}

/** The host of this process, for the suites that need more than HTTP. */
export const localHost = () => {
  host ??= testHost(wiring);
  return host;
};
let host: ReturnType<typeof testHost> | undefined;

async function inThisProcess(): Promise<System> {
  const { url, opsUrl, token } = await localHost();
  const scopes = wiring.modules.flatMap(({ contract }) => [`${contract.name}:read`, `${contract.name}:write`]);
  return {
    api: createApi(url, await token(...scopes)),
    anonymous: createApi(url),
    powerless: createApi(url, await token()),
    ops: createApi(opsUrl),
  };
}
