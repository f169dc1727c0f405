import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

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
