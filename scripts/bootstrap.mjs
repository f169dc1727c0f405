// Plain JavaScript that Node 18 can run: it works before anything is installed and before Node 24 is there.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');
const packagedNode = join(bin, process.platform === 'win32' ? 'node.cmd' : 'node');

/** Child processes, npm scripts among them, find this repository's tools and its Node 24 first. */
export const childEnv = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };

/** Names of packages that the lock file wants and `node_modules` does not have in that version. */
function missing() {
  const read = (path) => JSON.parse(readFileSync(path, 'utf8')).packages ?? {};
  const installedLock = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedLock)) return ['everything'];
  const installed = read(installedLock);
  return Object.entries(read(join(root, 'package-lock.json')))
    .filter(([path, entry]) => path.startsWith('node_modules/') && !entry.optional && !entry.link)
    .filter(([path, entry]) => installed[path]?.version !== entry.version)
    .map(([path]) => path.slice('node_modules/'.length));
}

/** Installs what is missing, exactly as the lock file says; silent unless a terminal is watching or it fails. */
export async function install() {
  if (missing().length > 0) {
    const watched = Boolean(process.stderr.isTTY);
    if (watched) process.stderr.write('Installing the packages of this repository (once) …\n');
    // `npm start` and `npm test` say where npm is; on Windows a bare `npm` is a batch file that cannot be spawned.
    const npm = process.env.npm_execpath;
    const [command, ...args] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
    const result = await run(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      env: process.env,
      stdio: watched ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    });
    if (result.code !== 0)
      fail(`npm ci failed (exit code ${result.code}).\n${result.output}`, 'Run `npm ci` here to see why.');
  }
  if (!existsSync(packagedNode)) {
    fail(
      'Node 24 is missing from node_modules (npm package `node`).',
      'Allow its install script: `npm ci --ignore-scripts=false`.',
    );
  }
}

/** Runs a program of this repository under Node 24; resolves to its exit code. Signals are passed on. */
export async function runNode(args, cwd = root) {
  const { code } = await run(packagedNode, args, { cwd, env: childEnv, stdio: 'inherit' });
  return code;
}

function fail(message, next) {
  process.stderr.write(`${message.trimEnd()}\n${next}\n`);
  process.exit(2);
}

function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, options);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
    // A terminal sends Ctrl-C to the child as well: passing it on would make it two.
    const pass = (signal) => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, pass);
    child.on('error', (error) => resolve({ code: 2, output: String(error) }));
    child.on('close', (code, signal) => {
      for (const name of signals) process.off(name, pass);
      resolve({ code: code ?? 128 + (constants.signals[signal] ?? 0), output });
    });
  });
}
