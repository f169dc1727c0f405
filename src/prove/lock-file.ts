import { readFileSync, writeFileSync } from 'node:fs';

interface Entry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
export interface LockFile {
  readonly packages: Readonly<Record<string, Entry>>;
}

/** The lock file with an entry for every optional package that a locked package names, and the names of new ones. */
export function complete(lock: LockFile): { readonly completed: LockFile; readonly added: readonly string[] } {
  const packages: Record<string, Entry> = { ...lock.packages };
  const added: string[] = [];
  for (const [parent, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (found(packages, parent, name)) continue;
      const platform = platformOf(name);
      if (!platform || !/^\d/.test(version)) continue;
      const { cpu, os, libc } = platform;
      // In npm's own order of keys, so that its next write changes nothing.
      packages[`node_modules/${name}`] = {
        version,
        ...(cpu ? { cpu } : {}),
        ...(dev ? { dev } : {}),
        ...(libc ? { libc } : {}),
        optional: true,
        ...(os ? { os } : {}),
      };
      added.push(name);
    }
  }
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  return { completed: { ...lock, packages: Object.fromEntries(sorted) }, added };
}

/**
 * Completes the lock file at `path`; returns the names it added. npm drops optional packages for other platforms when a
 * registry does not serve them (mirrors rarely have them all), and `npm ci` then refuses the lock file. Their version is
 * the parent's exact one, their platform is in their name.
 */
export function completeLockFile(path: string): readonly string[] {
  const { completed, added } = complete(JSON.parse(readFileSync(path, 'utf8')) as LockFile);
  if (added.length > 0) writeFileSync(path, `${JSON.stringify(completed, null, 2)}\n`);
  return added;
}

/** Whether the package resolves from its parent's place in the tree. */
function found(packages: LockFile['packages'], parent: string, name: string): boolean {
  for (let at = parent; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`]) return true;
    if (at === '') return false;
  }
}

/** `@scope/binding-linux-arm64-musl` → where npm may install it; undefined for a name that says no platform. */
export function platformOf(name: string): Pick<Entry, 'os' | 'cpu' | 'libc'> | undefined {
  const [, os, cpu, abi = ''] =
    /-(aix|android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|loong64|ppc64|riscv64|s390x|x64)(?:-(\w+))?$/.exec(
      name,
    ) ?? [];
  if (!os || !cpu) return undefined;
  const libc = os === 'linux' ? (abi.startsWith('musl') ? 'musl' : 'glibc') : undefined;
  return { os: [os], cpu: [cpu], ...(libc ? { libc: [libc] } : {}) };
}
