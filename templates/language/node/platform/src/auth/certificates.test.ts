import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { TlsOptions } from '../http/port.ts';
import { createLogger } from '../telemetry/logger.ts';
import { followCertificates } from './certificates.ts';

/** Two certificates, each its own authority, and their keys. */
const one = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBczCCARmgAwIBAgIUA3XUJr9iTGABRWApqCnNWhCXsXwwCgYIKoZIzj0EAwIw
DjEMMAoGA1UEAwwDb25lMCAXDTI2MTEyNjEzMjAwOVoYDzIxMjYxMTAyMTMyMDA5
WjAOMQwwCgYDVQQDDANvbmUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARVEV6a
cW6Bu+hcFFYSL0Pk+xTMBCFkX1yrwr88KC9ctjH20tiChfP7i2O223NiCSbRALh0
1WdDt67rt34y6yGco1MwUTAdBgNVHQ4EFgQUArvvwcSWWOGfEYy/NgQqjeDcbaAw
HwYDVR0jBBgwFoAUArvvwcSWWOGfEYy/NgQqjeDcbaAwDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNIADBFAiBpJyc1L59MJWplyBYgvmPF1IK84dVYp7Xag5LA
KbIfuAIhAJKrHCUZG4Ll1HIdscj/Vcp/JaD60StUa8T7e0fYLsQ+
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgXthWaiYHS2lSlp0w
K5hy1cWEdfYlNCaKVPHjtA/M70mhRANCAARVEV6acW6Bu+hcFFYSL0Pk+xTMBCFk
X1yrwr88KC9ctjH20tiChfP7i2O223NiCSbRALh01WdDt67rt34y6yGc
-----END PRIVATE KEY-----
`,
};
const two = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBdDCCARmgAwIBAgIURgfAFNANYprXNRRd/IcC7V4WLTUwCgYIKoZIzj0EAwIw
DjEMMAoGA1UEAwwDdHdvMCAXDTI2MTEyNjEzMjAwOVoYDzIxMjYxMTAyMTMyMDA5
WjAOMQwwCgYDVQQDDAN0d28wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATFrwLC
aYpQFR3FOr59hGQ38kPAdadMHNdsohxQZbPBg2s6fvDJEJKnFjqe+dnqVEEJ9XUC
GQYuZIXaWOsnoWwWo1MwUTAdBgNVHQ4EFgQUOClkkm3vCpQhMZBicUMrcKkiaqgw
HwYDVR0jBBgwFoAUOClkkm3vCpQhMZBicUMrcKkiaqgwDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNJADBGAiEA+P218qvAtQHq4KLUOFkELZL1G2zhK3CjdBDL
+YB9iokCIQD63Fh4VOmZNhNqLuTOxOI/PyZBNHB1LQDSKNZOfBmiQQ==
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgdWpGVmACxTfoTYHj
dlrac4JJoEqbhdlafFjskXaN/Q+hRANCAATFrwLCaYpQFR3FOr59hGQ38kPAdadM
HNdsohxQZbPBg2s6fvDJEJKnFjqe+dnqVEEJ9XUCGQYuZIXaWOsnoWwW
-----END PRIVATE KEY-----
`,
};
const log = createLogger('silent', 'test');

function files() {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const at = (name: string) => join(folder, name);
  return {
    write: (name: 'cert' | 'key' | 'ca', text: string) => writeFileSync(at(name), text),
    config: { INTERNAL_TLS_CERT: at('cert'), INTERNAL_TLS_KEY: at('key'), INTERNAL_TLS_CA: at('ca') },
  };
}

it('uses what replaces its files as soon as all of it belongs together, and the old one until then', async () => {
  const { write, config } = files();
  write('cert', one.cert);
  write('key', one.key);
  write('ca', one.cert);
  const certificates = followCertificates(config, log);
  onTestFinished(() => certificates?.close());
  const used: TlsOptions[] = [];
  certificates?.onRenewal((tls) => used.push(tls));
  write('cert', two.cert);
  // Longer than it waits between two looks: by now it has seen a certificate whose key is not there yet.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect([used, certificates?.current().cert]).toEqual([[], one.cert]);
  write('key', two.key);
  await expect.poll(() => used.at(-1), { timeout: 5_000 }).toMatchObject(two);
  expect(certificates?.current()).toMatchObject(two);
});

it('is off without files, and refuses some of them or a key of another certificate', () => {
  const { write, config } = files();
  expect(followCertificates({}, log)).toBeUndefined();
  expect(() => followCertificates({ INTERNAL_TLS_CERT: 'x' }, log)).toThrow('belong together');
  expect(() => followCertificates(config, log)).toThrow('ENOENT');
  write('cert', one.cert);
  write('key', two.key);
  write('ca', one.cert);
  expect(() => followCertificates(config, log)).toThrow(/key/);
});
