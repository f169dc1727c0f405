import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { complete, type LockFile, platformOf } from '../../src/prove/lock-file.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path !== '' && statSync(join(root, path), { throwIfNoEntry: false })?.isFile());

/** Tracked text files that match, as `path: match`. */
const mentions = (pattern: RegExp) =>
  tracked.flatMap((path) => {
    const text = readFileSync(join(root, path));
    const found = text.includes(0) ? null : pattern.exec(text.toString('utf8'));
    return found ? [`${path}: ${found[0]}`] : [];
  });
const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

test('git knows the files of this repository', () => {
  expect(tracked.length).toBeGreaterThan(50);
});

test('no tracked file names a package registry: lock files work behind any mirror', () => {
  expect(mentions(/registry\.(npmjs|yarnpkg|npmmirror)|"resolved": "https?:/)).toEqual([]);
});

test('no tracked file holds a path of the machine that it was written on', () => {
  const home = homedir();
  const paths = [root, ...(home.length > 1 ? [`${home}/`] : [])].map(literal);
  expect(mentions(new RegExp(`(?<![\\w.-])(?:${paths.join('|')})`))).toEqual([]);
});

test('the lock file serves every platform: `npm run lock` completes it', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile;
  expect(complete(lock).added).toEqual([]);
});

test('a package that the lock file lacks is added for its platform, in order, once', () => {
  const optionalDependencies = { '@x/b-linux-x64-musl': '1.2.3', '@x/b-win32-arm64-msvc': '1.2.3', plain: '1.0.0' };
  const lock = { packages: { '': {}, 'node_modules/z': { dev: true, optionalDependencies } } };
  const { completed, added } = complete(lock);
  expect(added).toEqual(['@x/b-linux-x64-musl', '@x/b-win32-arm64-msvc']);
  expect(Object.keys(completed.packages)).toEqual([
    '',
    'node_modules/@x/b-linux-x64-musl',
    'node_modules/@x/b-win32-arm64-msvc',
    'node_modules/z',
  ]);
  expect(completed.packages['node_modules/@x/b-linux-x64-musl']).toEqual({
    version: '1.2.3',
    dev: true,
    optional: true,
    os: ['linux'],
    cpu: ['x64'],
    libc: ['musl'],
  });
  expect(complete(completed).added).toEqual([]);
  expect(platformOf('left-pad')).toBeUndefined();
});
