import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { servers } from './servers.gen.ts';

/**
 * Certificates for calls between deployables while developing: an authority, made once, and for each deployable a key
 * and a certificate, made anew each time, which running processes take without a restart. `dev:split` uses them where
 * they are; production names its own files in INTERNAL_TLS_CERT, INTERNAL_TLS_KEY and INTERNAL_TLS_CA.
 */
const folder = join(resolve(process.env.DATA_DIR ?? '.data'), 'certificates');
const newKey = ['-newkey', 'rsa:2048', '-nodes'];
const byAuthority = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'];

mkdirSync(folder, { recursive: true, mode: 0o700 });
if (!existsSync(join(folder, 'ca.crt'))) {
  const files = ['-keyout', 'ca.key', '-out', 'ca.crt'];
  openssl('req', '-x509', ...newKey, '-days', '3650', '-subj', '/CN=development', ...files);
}
for (const { name } of servers) {
  const names = `subjectAltName=DNS:${name},DNS:localhost,IP:127.0.0.1`;
  writeFileSync(join(folder, 'new.ext'), `${names}\nextendedKeyUsage=serverAuth,clientAuth\n`);
  openssl('req', '-new', ...newKey, '-subj', `/CN=${name}`, '-keyout', 'new.key', '-out', 'new.csr');
  openssl('x509', '-req', '-in', 'new.csr', ...byAuthority, '-days', '90', '-extfile', 'new.ext', '-out', 'new.crt');
  // Whole files take the place of whole files: readers see the old one or the new one.
  for (const kind of ['key', 'crt']) renameSync(join(folder, `new.${kind}`), join(folder, `${name}.${kind}`));
}
process.stdout.write(`${folder}: ${servers.map(({ name }) => `${name}.crt`).join(', ')}\n`);

function openssl(...args: string[]): void {
  try {
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: Buffer };
    process.stderr.write(code === 'ENOENT' ? 'Install openssl: it makes the certificates.\n' : `${stderr}`);
    process.exit(1);
  }
}
