import { expect, it } from 'vitest';
import { addressIn } from './kafka-address.ts';

it('reads brokers, TLS and credentials from a URL', () => {
  expect(addressIn('kafka://a:9092')).toEqual({ bootstrapBrokers: ['a:9092'] });
  expect(addressIn('kafkas://u:p%40%3A@a:1,b:2/?mechanism=PLAIN')).toEqual({
    bootstrapBrokers: ['a:1', 'b:2'],
    tls: {},
    sasl: { mechanism: 'PLAIN', username: 'u', password: 'p@:' },
  });
  expect(addressIn('kafka://u:p@a').sasl?.mechanism).toBe('SCRAM-SHA-512');
});

it('refuses what it cannot use, without the password', () => {
  expect(() => addressIn('kafka://')).toThrow('BUS_URL: is no kafka://host:port');
  expect(() => addressIn('kafka://u:secret@a?mechanism=GSSAPI')).toThrow(/^BUS_URL: mechanism must be one of PLAIN/);
});
