import { access, constants } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Running, run, start, succeed } from '../../e2e/support/processes.ts';

/** Images and containers of these tests alone. Base images stay in it for the next run; everything else goes. */
export const store = join(tmpdir(), 'create-scalable-backend-images');
const at = ['--root', join(store, 'root'), '--runroot', join(store, 'run')];

const programs = ['debootstrap', 'buildah', 'podman', 'runc'];

/** Why images cannot be built on this machine; undefined where they can. */
export async function missing(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux';
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  const present = (program: string) =>
    Promise.any(folders.map((folder) => access(join(folder, program), constants.X_OK))).then(
      () => true,
      () => false,
    );
  const absent: string[] = [];
  for (const program of programs) if (!(await present(program))) absent.push(program);
  return absent.length > 0 ? `needs the Debian packages ${absent.join(', ')}` : undefined;
}

const cwd = '/';
export const podman = (args: readonly string[]) => succeed('podman', [...at, ...args], { cwd });

export const hasImage = async (image: string): Promise<boolean> =>
  (await run('podman', [...at, 'image', 'exists', image], { cwd })).code === 0;

/** An image from a folder that is the root of a file system. */
export const imageOfFolder = (folder: string, image: string) =>
  succeed(
    'sh',
    ['-c', 'tar -C "$1" -c . | podman --root "$2" --runroot "$3" import - "$4"', 'sh', folder, at[1]!, at[3]!, image],
    { cwd },
  );

/** `docker build`: nothing is pulled, so that a base image that was not given is an error. */
export function build(
  context: string,
  dockerfile: string,
  image: string,
  args: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  return succeed(
    'buildah',
    [
      ...at,
      'bud',
      // Without user namespaces, cgroups or a bridge: whatever this machine is, a container included.
      ...['--isolation', 'chroot', '--network', 'host', '--ulimit', 'nofile=1024:1024', '--pull-never'],
      // The other format drops HEALTHCHECK.
      ...['--format', 'docker'],
      ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
      ...['--file', dockerfile, '--tag', image, context],
    ],
    { cwd, withinMs: 600_000 },
  );
}

export interface ContainerOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Writable in memory, as Compose mounts them. */
  readonly tmpfs?: readonly string[];
  /** Files of this machine by their place in the container. */
  readonly files?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
}

/** Runs an image in the foreground with what `compose.yaml` gives it: no capability, and nothing writable but memory. */
export function container(name: string, image: string, options: ContainerOptions = {}): Running {
  const { env = {}, tmpfs = [], files = {}, command = [] } = options;
  const args = [
    ...['--runtime', 'runc', 'run', '--rm', '--name', name, '--network', 'host', '--read-only', '--memory', '512m'],
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--pull', 'never'],
    ...['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024'],
    ...['/tmp', ...tmpfs].flatMap((path) => ['--tmpfs', `${path}:mode=1777`]),
    ...Object.entries(files).flatMap(([target, source]) => ['--volume', `${source}:${target}:ro`]),
    ...Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
  ];
  return start('podman', [...at, ...args, image, ...command], { cwd });
}

/** The user as which the first process of a container runs. */
export async function userOf(name: string): Promise<number> {
  const { output } = await podman(['inspect', '--format', '{{.State.Pid}}', name]);
  const { output: ids } = await succeed('stat', ['--format', '%u', `/proc/${output.trim()}`], { cwd });
  return Number(ids);
}

/** Removes every container, and every image but those that `isKept` names. */
export async function removeAll(isKept: (image: string) => boolean): Promise<void> {
  await podman(['rm', '--all', '--force', '--time', '5']);
  const { output } = await podman(['images', '--format', '{{.Repository}}:{{.Tag}}']);
  const built = output.split('\n').filter((image) => image.startsWith('localhost/') && !isKept(image));
  if (built.length > 0) await podman(['rmi', '--force', ...built]);
  await podman(['image', 'prune', '--force']);
}
