import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { Config } from '../config.ts';
import type { TlsOptions } from '../http/port.ts';
import type { Logger } from '../telemetry/logger.ts';

type Files = Pick<Config, 'INTERNAL_TLS_CERT' | 'INTERNAL_TLS_KEY' | 'INTERNAL_TLS_CA'>;

/** The certificate of this deployable, followed as its files are replaced. */
export interface Certificates {
  current(): TlsOptions;
  onRenewal(use: (tls: TlsOptions) => void): void;
  close(): void;
}

/** Undefined where no certificate is set. Throws where only some of the three variables are, or a file is unreadable. */
export function followCertificates(files: Files, log: Logger): Certificates | undefined {
  const { INTERNAL_TLS_CERT: cert, INTERNAL_TLS_KEY: key, INTERNAL_TLS_CA: ca } = files;
  if (!cert && !key && !ca) return undefined;
  if (!cert || !key || !ca) throw new Error('INTERNAL_TLS_CERT, INTERNAL_TLS_KEY and INTERNAL_TLS_CA belong together');
  const read = (): TlsOptions => {
    const tls = { ca: readFileSync(ca, 'utf8'), cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
    // Throws where they do not belong together: nobody may use a part of them.
    createSecureContext(tls);
    return tls;
  };
  let current = read();
  const users: ((tls: TlsOptions) => void)[] = [];
  const reload = () => {
    try {
      current = read();
      for (const use of users) use(current);
      log.info({ cert }, 'certificate renewed');
    } catch (error) {
      // Files that are half written are read again when they change again.
      log.warn({ err: error, cert }, 'the renewed certificate cannot be used; the old one stays');
    }
  };
  // Looked at, not watched: orchestrators swap symbolic links, which watchers do not see.
  for (const file of [cert, key, ca]) watchFile(file, { interval: 1_000, persistent: false }, reload);
  return {
    current: () => current,
    onRenewal: (use) => users.push(use),
    close: () => {
      for (const file of [cert, key, ca]) unwatchFile(file, reload);
    },
  };
}
