import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { vi } from 'vitest';
import { main } from '../../src/cli/linter.ts';

const made: string[] = [];
/** A folder on disk with these files, until `removeFolders`. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = mkdtempSync(join(tmpdir(), 'lint-'));
  made.push(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}
/** For `afterEach` of every file that makes folders: workers are shared between files. */
export function removeFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** The linter without its process: what it prints, and the exit code. */
export async function run(...args: readonly string[]) {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const into = (all: string[]) => (text: unknown) => all.push(String(text)) > 0;
  const out = vi.spyOn(process.stdout, 'write').mockImplementation(into(stdout));
  const err = vi.spyOn(process.stderr, 'write').mockImplementation(into(stderr));
  try {
    const status = await main(args);
    return { status, stdout: stdout.join(''), stderr: stderr.join('') };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}
