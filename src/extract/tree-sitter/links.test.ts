import { beforeAll, describe, expect, test } from 'vitest';
import type { ExtractedFile } from '../../model/facts.ts';
import { java } from '../java/java.ts';
import type { Language } from '../language.ts';
import { python } from '../python/python.ts';
import { grammarOf, loadGrammar } from './syntax.ts';

beforeAll(async () => {
  await Promise.all([java.prepare?.(), python.prepare?.(), loadGrammar('typescript')]);
});

const noWorkspace = { files: new Map<string, string>(), read: () => undefined };
function linked(language: Language, sources: Readonly<Record<string, string>>) {
  const files = new Map<string, ExtractedFile>();
  for (const [path, text] of Object.entries(sources)) {
    files.set(path, language.extract({ path, bytes: new TextEncoder().encode(text), digest: '' }, []));
  }
  const links = language.link?.(files, noWorkspace, (path) => files.get(path)?.names ?? []);
  if (!links) throw new Error(`${language.id} links nothing`);
  return links;
}

describe('Java', () => {
  const links = () =>
    linked(java, {
      'orders/src/main/java/com/shop/orders/Orders.java': 'package com.shop.orders; class Orders { void place() {} }',
      'orders/src/main/java/com/shop/Money.java': 'package com.shop; class Money { static class Rate {} }',
      'stock/src/main/java/com/shop/Money.java': 'package com.shop; class Money {}',
    });
  test.each([
    ['com.shop.Money', { to: 'orders/src/main/java/com/shop/Money.java' }],
    ['com.shop.Money.Rate', { to: 'orders/src/main/java/com/shop/Money.java' }],
    ['org.springframework.web.client.RestTemplate', { external: 'org.springframework.web.client.RestTemplate' }],
    ['com.shop.orders.Gone', { unresolved: true, internal: true }],
    ['java.util.*', { external: 'java.util.*' }],
  ])('%s', (spec, target) => {
    expect(links().resolve('orders/src/main/java/com/shop/orders/Orders.java', spec)).toEqual(target);
  });
  test('a method is found by its class and name', () => {
    expect(links().definition('x/App.java', { from: 'com.shop.orders.Orders', path: ['Orders', 'place'] })).toEqual({
      path: 'orders/src/main/java/com/shop/orders/Orders.java',
      fn: 0,
    });
  });
});

describe('Python', () => {
  const links = () =>
    linked(python, {
      'payment/app.py': 'from . import rabbit\nfrom .lib.util import fee\nimport lib.util\n',
      'payment/rabbit.py': 'def publish():\n  pass\n',
      'payment/lib/__init__.py': '',
      'payment/lib/util.py': 'def fee():\n  return 1\n',
    });
  test.each([
    ['.rabbit', { to: 'payment/rabbit.py' }],
    ['.lib.util', { to: 'payment/lib/util.py' }],
    ['lib.util', { to: 'payment/lib/util.py' }],
    ['lib', { to: 'payment/lib/__init__.py' }],
    ['requests', { external: 'requests' }],
    ['.gone', { unresolved: true, internal: true }],
  ])('%s', (spec, target) => expect(links().resolve('payment/app.py', spec)).toEqual(target));
  test('a function is found by the name that was imported', () => {
    expect(links().definition('payment/app.py', { from: '.lib.util', path: ['fee'] })).toEqual({
      path: 'payment/lib/util.py',
      fn: 0,
    });
  });
});

describe('gaps', () => {
  const extract = (language: Language, path: string, text: string) =>
    language.extract({ path, bytes: new TextEncoder().encode(text), digest: '' }, []);
  test('broken syntax is a gap with its place, and what could be read is kept', () => {
    const { gaps, facts } = extract(java, 'A.java', 'import a.B;\nclass A { void f( { }\n');
    expect(gaps).toMatchObject([{ why: 'parse', span: [expect.any(Number), expect.any(Number)] }]);
    expect(facts).toMatchObject([{ kind: 'import', spec: 'a.B' }]);
  });
  test('broken Python too', () => {
    expect(extract(python, 'a.py', 'def f(:\n').gaps).toMatchObject([{ why: 'parse' }]);
  });
  test.each([
    [java, 'A.java', `class A { int x = ${'('.repeat(5_000)}1${')'.repeat(5_000)}; }`],
    [python, 'a.py', `x = ${'['.repeat(5_000)}1${']'.repeat(5_000)}`],
  ])('deep nesting is a gap, not a crash', (language, path, text) => {
    expect(extract(language, path, text).gaps).toMatchObject([{ why: 'too-deep' }]);
  });
  test('a grammar that was not loaded says so', () => {
    expect(() => grammarOf('javascript')).toThrow('javascript grammar is used before it is loaded');
  });
  test('positions count UTF-16 units, as everywhere else', () => {
    const text = "# é€😀\nimport os\nx = os.environ['A']\n";
    const read = extract(python, 'a.py', text).facts.find(({ kind }) => kind === 'import');
    expect(text.slice(...(read?.span ?? [0, 0]))).toBe('import os');
  });
});

describe('accepted findings', () => {
  test.each([
    [java, 'A.java', 'class A {\n  // scalable-backend-ignore missing-timeout: a probe\n  int x;\n}', '  int x;'],
    [java, 'A.java', 'class A {\n  /* scalable-backend-ignore missing-timeout: a probe */\n  int x;\n}', '  int x;'],
    [python, 'a.py', 'x = 1  # scalable-backend-ignore missing-timeout: a probe\n', undefined],
  ])('in a comment', (language, path, text, covered) => {
    const { facts } = language.extract({ path, bytes: new TextEncoder().encode(text), digest: '' }, []);
    const [found] = facts.filter((fact) => fact.kind === 'suppression');
    expect(found).toMatchObject({ rule: 'missing-timeout', reason: 'a probe' });
    expect(text.slice(...(found?.covers ?? [0, 0]))).toBe(covered ?? text.trimEnd());
  });
  test('not in a string', () => {
    const text = 'x = "# scalable-backend-ignore missing-timeout: no"\n';
    const { facts } = python.extract({ path: 'a.py', bytes: new TextEncoder().encode(text), digest: '' }, []);
    expect(facts.filter(({ kind }) => kind === 'suppression')).toEqual([]);
  });
});
