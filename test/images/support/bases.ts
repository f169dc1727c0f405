import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nodeEnv, root } from '../../e2e/support/packages.ts';
import { succeed } from '../../e2e/support/processes.ts';
import { build, hasImage, imageOfFolder, store } from './containers.ts';

const suite = 'bookworm';
const debian = `localhost/debian:${suite}`;

/** Base images made from Debian's packages and npm's Node.js: no registry of images is asked. */
export async function bases(): Promise<{ readonly NODE_IMAGE: string; readonly NGINX_IMAGE: string }> {
  if (!(await hasImage(debian))) await bootstrap();
  const { version } = JSON.parse(await readFile(join(root, 'node_modules/node/package.json'), 'utf8'));
  const node = `localhost/node:${version}`;
  const nginx = `localhost/nginx-unprivileged:${suite}`;
  if (!(await hasImage(node))) await nodeImage(node);
  if (!(await hasImage(nginx))) await nginxImage(nginx);
  return { NODE_IMAGE: node, NGINX_IMAGE: nginx };
}
export const isBase = (image: string): boolean => /^localhost\/(debian|node|nginx-unprivileged):/.test(image);

async function bootstrap(): Promise<void> {
  const folder = join(store, 'rootfs');
  await rm(folder, { recursive: true, force: true });
  await mkdir(store, { recursive: true });
  await succeed('debootstrap', ['--variant=minbase', suite, folder], { cwd: store, withinMs: 600_000 });
  await imageOfFolder(folder, debian);
  await rm(folder, { recursive: true });
}

/** What `node:24-slim` has that Dockerfiles use: `node` and `npm` in the PATH, and the user 1000. */
async function nodeImage(image: string): Promise<void> {
  const npm = dirname(
    dirname(
      await realpath((await succeed('sh', ['-c', 'command -v npm'], { cwd: root, env: nodeEnv() })).output.trim()),
    ),
  );
  const registry = (await succeed('npm', ['config', 'get', 'registry'], { cwd: root, env: nodeEnv() })).output.trim();
  await inContext(async (context) => {
    await copyFile(join(root, 'node_modules/node/bin/node'), join(context, 'node'));
    await succeed('cp', ['-a', npm, join(context, 'npm')], { cwd: context });
    const certificates = '/etc/ssl/certs/ca-certificates.crt';
    await (existsSync(certificates)
      ? copyFile(certificates, join(context, 'ca.crt'))
      : writeFile(join(context, 'ca.crt'), ''));
    await writeFile(
      join(context, 'Dockerfile'),
      `FROM ${debian}
COPY node /usr/local/bin/
COPY npm /usr/local/lib/node_modules/npm
COPY ca.crt /etc/ssl/certs/ca-certificates.crt
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && useradd --uid 1000 --create-home node
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt NPM_CONFIG_REGISTRY=${registry}
`,
    );
    await build(context, join(context, 'Dockerfile'), image);
  });
}

/**
 * What `nginx-unprivileged` has that Dockerfiles use: `nginx`, `curl`, the user 101, and SIGQUIT as the way to stop. Its
 * nginx looks for relative paths below `/etc/nginx`, Debian's below `/usr/share/nginx`.
 */
async function nginxImage(image: string): Promise<void> {
  await inContext(async (context) => {
    await writeFile(
      join(context, 'Dockerfile'),
      `FROM ${debian}
RUN printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d \\
  && groupadd --gid 101 nginx && useradd --uid 101 --gid 101 --no-create-home nginx \\
  && apt-get update && apt-get install --yes --no-install-recommends nginx-light curl \\
  && ln -s /etc/nginx/public /usr/share/nginx/public
EXPOSE 8080
STOPSIGNAL SIGQUIT
`,
    );
    await build(context, join(context, 'Dockerfile'), image);
  });
}

async function inContext(use: (context: string) => Promise<void>): Promise<void> {
  const context = join(store, 'context');
  await rm(context, { recursive: true, force: true });
  await mkdir(context, { recursive: true });
  await use(context);
  await rm(context, { recursive: true });
}
