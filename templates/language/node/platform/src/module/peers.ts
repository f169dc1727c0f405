import { Agent } from 'undici';
import { followCertificates } from '../auth/certificates.ts';
import { createServiceTokens, type ServiceTokens } from '../auth/service.ts';
import { type Config, urlVariable } from '../config.ts';
import type { Client, Contract } from '../contract.ts';
import type { TlsOptions } from '../http/port.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Module } from '../module.ts';
import { remoteClient } from './remote.ts';

/** How this deployable talks to the others. */
export interface Peers {
  readonly tokens: ServiceTokens;
  /** Certificate of the internal listener; undefined for plain HTTP. */
  readonly tls: TlsOptions | undefined;
  onRenewal(use: (tls: TlsOptions) => void): void;
  client(contract: Contract): Client<Contract>;
  close(): Promise<void>;
}

/** Names of the modules that these call and that are not among them. */
export function remoteModules(modules: readonly Module[]): string[] {
  const hosted = new Set(modules.map(({ contract }) => (contract as Contract).name));
  const required = modules.flatMap(({ requires }) => Object.values(requires as Record<string, Contract>));
  return [...new Set(required.map(({ name }) => name))].filter((name) => !hosted.has(name));
}

/** Throws, naming the variable, where calls could not be told from anybody's. */
export function openPeers(options: {
  readonly system: string;
  readonly name: string;
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: Metrics;
}): Peers {
  const { system, name, config, log, metrics } = options;
  const certificates = followCertificates(config, log);
  const tokens = createServiceTokens({ system, name, secrets: secretsOf(config, system) });
  const connect = () => (certificates ? { connect: { ...certificates.current() } } : {});
  // Less than the server's keep-alive, so that no request goes into a connection that is being closed.
  let agent = new Agent({ keepAliveTimeout: 30_000, ...connect() });
  const old = new Set<Promise<void>>();
  certificates?.onRenewal((tls) => {
    const previous = agent;
    agent = new Agent({ keepAliveTimeout: 30_000, connect: { ...tls } });
    const closing = previous.close().finally(() => old.delete(closing));
    old.add(closing);
  });
  return {
    tokens,
    tls: certificates?.current(),
    onRenewal: (use) => certificates?.onRenewal(use),
    client(contract) {
      const url = config.remotes[contract.name];
      if (!url) throw new Error(`${urlVariable(contract.name)}: is required: ${contract.name} is not hosted here`);
      return remoteClient(contract, {
        url,
        tokens,
        timeoutMs: config.REMOTE_TIMEOUT_MS,
        metrics,
        dispatcher: () => agent,
      });
    },
    async close() {
      certificates?.close();
      await Promise.all([agent.close(), ...old]);
    },
  };
}

function secretsOf({ NODE_ENV, SERVICE_SECRET }: Config, system: string): string[] {
  if (!SERVICE_SECRET) {
    if (NODE_ENV === 'production') throw new Error('SERVICE_SECRET: is required under NODE_ENV=production');
    return [`calls between deployables of ${system} while developing`];
  }
  const secrets = SERVICE_SECRET.split(',').map((secret) => secret.trim());
  if (secrets.some((secret) => secret.length < 32)) throw new Error('SERVICE_SECRET: needs 32 characters or more');
  return secrets;
}
