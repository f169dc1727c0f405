import type { ConnectionOptions, SASLMechanismValue } from '@platformatic/kafka';

export interface KafkaAddress extends Pick<ConnectionOptions, 'tls' | 'sasl'> {
  readonly bootstrapBrokers: string[];
}
const form =
  /^kafka(?<tls>s?):\/\/(?:(?<user>[^:@/]*):(?<password>[^@/]*)@)?(?<brokers>[^@/?]+)\/?(?:\?(?<query>.*))?$/;
const mechanisms: readonly string[] = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] satisfies SASLMechanismValue[];

/**
 * `kafka://host:9092,host:9092`; `kafkas` for TLS; `user:password@`, percent-encoded, for SASL with the `mechanism` of
 * the query, SCRAM-SHA-512 unless given. Authorities that TLS trusts: the system's and NODE_EXTRA_CA_CERTS.
 */
export function addressIn(url: string): KafkaAddress {
  const parts = form.exec(url)?.groups;
  if (!parts) throw new Error('BUS_URL: is no kafka://host:port,host:port');
  const mechanism = new URLSearchParams(parts.query).get('mechanism') ?? 'SCRAM-SHA-512';
  if (!mechanisms.includes(mechanism)) throw new Error(`BUS_URL: mechanism must be one of ${mechanisms.join(', ')}`);
  const { user = '', password = '' } = parts;
  return {
    bootstrapBrokers: (parts.brokers ?? '').split(','),
    ...(parts.tls ? { tls: {} } : {}),
    ...(user
      ? {
          sasl: {
            mechanism: mechanism as SASLMechanismValue,
            username: decodeURIComponent(user),
            password: decodeURIComponent(password),
          },
        }
      : {}),
  };
}
