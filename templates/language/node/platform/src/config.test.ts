import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from './config.ts';

describe('loadConfig', () => {
  it('has a default for everything that development needs, and typed values', () => {
    expect(loadConfig({})).toMatchObject({ NODE_ENV: 'development', PORT: 3000, LOG_LEVEL: 'info' });
    expect(loadConfig({ PORT: '0', RATE_LIMIT_RPS: '5' })).toMatchObject({ PORT: 0, RATE_LIMIT_RPS: 5 });
  });

  it('names every wrong variable at once and prints no value', () => {
    const read = () =>
      loadConfig({ PORT: 'http', LOG_LEVEL: 'loud', DATABASE_URL: 'hunter2', OPS_TOKEN_FILE: '/no/such' });
    expect(read).toThrow(/OPS_TOKEN_FILE: cannot be read.*PORT: .*DATABASE_URL: .*LOG_LEVEL: .*info, debug/s);
    expect(read).not.toThrow(/hunter2|loud/);
  });

  it('reads a secret from a file', () => {
    const file = join(tmpdir(), `config-${process.pid}`);
    onTestFinished(() => rmSync(file));
    writeFileSync(file, 'from-file\n', { mode: 0o600 });
    expect(loadConfig({ OPS_TOKEN_FILE: file }).OPS_TOKEN).toBe('from-file');
  });

  it('refuses stand-ins in production', () => {
    expect(() => loadConfig({ NODE_ENV: 'production' })).toThrow(
      /OPS_TOKEN.*DATABASE_URL.*AUTH_ISSUER.*AUTH_JWKS_URL/s,
    );
  });
});
