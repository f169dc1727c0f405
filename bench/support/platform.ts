import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Intent } from '../../src/plan/template.ts';
import { redis } from '../../templates/cache/redis/template.ts';
import { postgres } from '../../templates/database/postgres/template.ts';
import { platformIntents } from '../../templates/language/node/platform.intents.ts';

const templates = join(import.meta.dirname, '../../templates');
const overlays = {
  'language/node/platform/src': 'src',
  'database/postgres/node/platform': 'src/db',
  'cache/redis/node': 'src/cache',
};
const stated: Intent[] = [postgres, redis].flatMap((template) => [
  ...(template.state?.({ per: 'system' }, { deployables: [] } as never) ?? []),
]);

/** Assembles the generated platform in a folder of its own, installs it, and runs `program` in it; its output is JSON. */
export function onPlatform<T>(program: string, env: NodeJS.ProcessEnv = {}): T {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'platform-bench-')));
  try {
    for (const [from, to] of Object.entries(overlays)) {
      cpSync(join(templates, from), join(folder, to), { recursive: true });
    }
    const dependencies = Object.fromEntries(
      [...platformIntents('.'), ...stated].flatMap((one) => (one.is === 'dependency' ? [[one.name, one.version]] : [])),
    );
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
    writeFileSync(join(folder, 'program.ts'), program);
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: 'ignore' });
    const output = execFileSync(process.execPath, ['program.ts'], { cwd: folder, env: { ...process.env, ...env } });
    return JSON.parse(output.toString()) as T;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
