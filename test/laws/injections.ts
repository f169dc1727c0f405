import type { Path } from '../../src/model/facts.ts';
import type { Changes } from '../support/lint.ts';

/** A violation put into a planned system of at least two modules, of which `b` uses `a`. */
export interface Injection {
  readonly rule: string;
  /** The syntactic form that it takes. */
  readonly form: string;
  /** Rules that have to object as well, because the violation is also one of theirs. */
  readonly also?: readonly string[];
  /** File of the first finding, and a part of the code that it points at. */
  readonly at: { readonly path: Path; readonly code: string };
  readonly changes: Changes;
}
export interface Target {
  /** The module that is used, and the one that uses it. */
  readonly a: string;
  readonly b: string;
  readonly scope: string;
  text(path: Path): string;
}

/** Violations of each rule in each form that it claims to see. */
export function injections({ a, b, scope, text }: Target): Injection[] {
  const file = `modules/${b}/src/app/injected.ts`;
  const add = (
    rule: string,
    form: string,
    code: string,
    source: string,
    more: { path?: Path; also?: readonly string[]; changes?: Changes } = {},
  ): Injection => {
    const path = more.path ?? file;
    return {
      rule,
      form,
      at: { path, code },
      changes: new Map([[path, source], ...(more.changes ?? [])]),
      ...(more.also && { also: more.also }),
    };
  };
  const inside = `@${scope}/${a}/src/infra/tables.ts`;
  const relative = `../../../${a}/src/infra/tables.ts`;
  const camel = b.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const pure = `modules/${b}/src/domain/injected.ts`;
  const above = '../infra/tables.ts';
  const stated = (boundary: string) =>
    [
      'architecture.yaml',
      `${text('architecture.yaml')}  boundaries:\n    - { ${boundary}, reason: because }\n`,
    ] as const;
  const noFiles = new Map([stated('from: layer:domain, forbid: package:node:fs')]);
  const outOfReach = new Map([
    stated('from: "modules/<m>/src/domain", forbidReach: package:node:fs'),
    [`modules/${b}/src/injected-files.ts`, "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n"],
  ]);
  return [
    ...Object.entries({
      value: `import { database } from '${above}';\nexport const x = database;\n`,
      type: `import type { Tables } from '${above}';\nexport type X = Tables;\n`,
      're-export': `export * from '${above}';\n`,
      dynamic: `export const x = () => import('${above}');\n`,
    }).map(([form, source]) => add('layer-order', form, above, source, { path: pure })),
    ...Object.entries({
      value: "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n",
      'old name': "import { readFileSync } from 'fs';\nexport const x = readFileSync;\n",
      type: "import type { Stats } from 'node:fs';\nexport type X = Stats;\n",
      dynamic: "export const x = () => import('node:fs');\n",
    }).map(([form, source]) => add('forbidden-dependency', form, 'fs', source, { path: pure, changes: noFiles })),
    ...Object.entries({
      value: "import { x } from '../injected-files.ts';\nexport const y = x;\n",
      're-export': "export * from '../injected-files.ts';\n",
      dynamic: "export const y = () => import('../injected-files.ts');\n",
    }).map(([form, source]) =>
      add('forbidden-reach', form, '../injected-files.ts', source, { path: pure, changes: outOfReach }),
    ),
    add(
      'module-boundary',
      'relative',
      relative,
      `import { database } from '${relative}';\nexport const x = database;\n`,
    ),
    add(
      'module-boundary',
      'package path',
      inside,
      `import { database } from '${inside}';\nexport const x = database;\n`,
    ),
    add(
      'module-boundary',
      'type clause',
      relative,
      `import type { Tables } from '${relative}';\nexport type X = Tables;\n`,
    ),
    add(
      'module-boundary',
      'type specifier',
      relative,
      `import { type Tables } from '${relative}';\nexport type X = Tables;\n`,
    ),
    add('module-boundary', 're-export', relative, `export * from '${relative}';\n`),
    add('module-boundary', 'named re-export', relative, `export { database as mine } from '${relative}';\n`),
    add('module-boundary', 'dynamic import', relative, `export const x = () => import('${relative}');\n`),
    add('module-boundary', 'dynamic template', relative, `export const x = () => import(\`${relative}\`);\n`),
    add('module-boundary', 'import type', relative, `export type X = import('${relative}').Tables;\n`),
    add(
      'module-boundary',
      'import type of a variable',
      relative,
      `export let x: import('${relative}').Tables | undefined;\n`,
    ),
    add('module-boundary', 'side effect', relative, `import '${relative}';\n`),
    add(
      'module-boundary',
      'output name',
      relative.replace('.ts', '.js'),
      `import { database } from '${relative.replace('.ts', '.js')}';\nexport const x = database;\n`,
    ),
    add('module-boundary', 'import equals', relative, `import x = require('${relative}');\nexport = x;\n`, {
      path: `modules/${b}/src/app/injected.cts`,
    }),
    add('module-boundary', 'require', relative, `const x = require('${relative}');\nmodule.exports = x;\n`, {
      path: `modules/${b}/src/app/injected.cjs`,
    }),
    ...Object.entries({
      'require.resolve': `module.exports = require.resolve('${relative}');\n`,
      'module.require': `module.exports = module.require('${relative}');\n`,
      'constant path': `const path = '${relative}';\nmodule.exports = require(path);\n`,
      __dirname: `const path = require('node:path');\nmodule.exports = require(path.join(__dirname, '${relative}'));\n`,
    }).map(([form, source]) =>
      add('module-boundary', form, form === 'constant path' ? 'path' : relative, source, {
        path: `modules/${b}/src/app/injected.cjs`,
      }),
    ),
    ...Object.entries({
      'import.meta.resolve': `export const x = import.meta.resolve('${relative}');\n`,
      'file by URL': `export const x = new URL('${relative}', import.meta.url);\n`,
      'require under another name': `import { createRequire } from 'node:module';\nconst load = createRequire(import.meta.url);\nexport const x = load('${relative}');\n`,
    }).map(([form, source]) => add('module-boundary', form, relative, source)),
    add('module-boundary', 'view', relative, `export { database } from '${relative}';\n`, {
      path: `modules/${b}/src/app/injected.tsx`,
    }),
    add(
      'undeclared-dependency',
      'value import',
      `@${scope}/${b}/contract`,
      `import { ${camel}Contract } from '@${scope}/${b}/contract';\nexport const x = ${camel}Contract;\n`,
      {
        path: `modules/${a}/src/app/injected.ts`,
        also: ['cyclic-dependency'],
      },
    ),
    add(
      'undeclared-dependency',
      'type import',
      `@${scope}/${b}/contract`,
      `import type { ${camel}Contract } from '@${scope}/${b}/contract';\nexport type X = typeof ${camel}Contract;\n`,
      {
        path: `modules/${a}/src/app/injected.ts`,
      },
    ),
    add(
      'cyclic-dependency',
      'declared both ways',
      `@${scope}/${b}/contract`,
      `import { ${camel}Contract } from '@${scope}/${b}/contract';\nexport const x = ${camel}Contract;\n`,
      {
        path: `modules/${a}/src/app/injected.ts`,
        changes: new Map([['architecture.yaml', declareUse(text('architecture.yaml'), a, b)]]),
      },
    ),
    add(
      'shared-persistence',
      'a service beside the system',
      'DATABASE_URL',
      text('deploy/compose/compose.yaml').replace(/^services:\n/m, reporting),
      {
        path: 'deploy/compose/compose.yaml',
        also: ['no-health-check'],
        changes: new Map([
          [
            'reports/index.js',
            "const { Pool } = require('pg');\nmodule.exports = new Pool({ connectionString: process.env.DATABASE_URL });\n",
          ],
        ]),
      },
    ),
    add('missing-timeout', 'fetch', 'fetch(', 'export const x = (url: string) => fetch(url);\n'),
    add(
      'missing-timeout',
      'fetch with options',
      'fetch(',
      "export const x = (url: string) => fetch(url, { method: 'POST' });\n",
    ),
    add(
      'missing-timeout',
      'aliased fetch',
      'get(',
      'const get = globalThis.fetch;\nexport const x = (url: string) => get(url);\n',
    ),
    add(
      'missing-timeout',
      'axios',
      'axios.get(',
      "import axios from 'axios';\nexport const x = (url: string) => axios.get(url);\n",
    ),
    add(
      'missing-timeout',
      'axios instance',
      'http.get(',
      "import axios from 'axios';\nconst http = axios.create({});\nexport const x = (url: string) => http.get(url);\n",
    ),
    add(
      'missing-timeout',
      'axios field',
      'this.http.get(',
      "import axios, { type AxiosInstance } from 'axios';\nexport class X {\n  private readonly http: AxiosInstance = axios.create();\n  run(url: string) {\n    return this.http.get(url);\n  }\n}\n",
    ),
    add(
      'missing-timeout',
      'axios client of another file',
      'http.get(',
      "import { http } from './http.ts';\nexport const x = (url: string) => http.get(url);\n",
      {
        changes: new Map([
          [`modules/${b}/src/app/http.ts`, "import axios from 'axios';\nexport const http = axios.create();\n"],
        ]),
      },
    ),
    add(
      'missing-timeout',
      'timeout 0',
      'axios.get(',
      "import axios from 'axios';\nexport const x = (url: string) => axios.get(url, { timeout: 0 });\n",
    ),
    add(
      'missing-timeout',
      'undici',
      'request(',
      "import { request } from 'undici';\nexport const x = (url: string) => request(url);\n",
    ),
    add(
      'missing-timeout',
      'required axios',
      'axios.get(',
      "const axios = require('axios');\nmodule.exports = (url) => axios.get(url);\n",
      { path: `modules/${b}/src/app/injected.cjs` },
    ),
    add(
      'hard-coded-endpoint',
      'argument',
      'http://10.1.2.3:80/x',
      "export const x = () => fetch('http://10.1.2.3:80/x', { signal: AbortSignal.timeout(1) });\n",
    ),
    add(
      'hard-coded-endpoint',
      'constant',
      'http://inventory:3000',
      "const base = 'http://inventory:3000';\nexport const x = (id: string) => fetch(`${base}/${id}`, { signal: AbortSignal.timeout(1) });\n",
    ),
    add(
      'hard-coded-endpoint',
      'template',
      'http://inventory:3000',
      'export const x = (id: string) => fetch(`http://inventory:3000/${id}`, { signal: AbortSignal.timeout(1) });\n',
    ),
    add(
      'hard-coded-endpoint',
      'option of a client',
      'http://inventory:3000',
      "import axios from 'axios';\nexport const http = axios.create({ baseURL: 'http://inventory:3000', timeout: 1 });\n",
    ),
    add(
      'hard-coded-endpoint',
      'constant of another file',
      'http://inventory:3000',
      "export const place = 'http://inventory:3000';\n",
      {
        path: `modules/${b}/src/app/place.ts`,
        changes: new Map([
          [
            file,
            "import { place } from './place.ts';\nexport const x = () => fetch(place, { signal: AbortSignal.timeout(1) });\n",
          ],
        ]),
      },
    ),
    add(
      'no-health-check',
      'a service beside the system',
      'reports',
      text('deploy/compose/compose.yaml').replace(/^services:\n/m, idle),
      {
        path: 'deploy/compose/compose.yaml',
        changes: new Map([['reports/index.js', 'module.exports = 1;\n']]),
      },
    ),
    add(
      'framework-in-module',
      'value import',
      'fastify',
      "import fastify from 'fastify';\nexport const x = fastify();\n",
    ),
    add(
      'framework-in-module',
      'type import',
      'express',
      "import type { Request } from 'express';\nexport type X = Request;\n",
    ),
    add(
      'framework-in-module',
      'scoped package',
      '@nestjs/common',
      "import { Injectable } from '@nestjs/common';\nexport const x = Injectable;\n",
    ),
    add(
      'framework-in-module',
      'through the platform',
      `@${scope}/platform/http/fastify`,
      `import { fastifyHttp } from '@${scope}/platform/http/fastify';\nexport const x = fastifyHttp;\n`,
    ),
  ];
}

const reporting = `services:
  reports:
    build: ../../reports
    environment:
      DATABASE_URL: postgres://reports@postgres:5432/app
`;
const idle = `services:
  reports:
    build: ../../reports
`;

/** `uses` of one more module, in the one-line form that the file is written in. */
function declareUse(yaml: string, module: string, used: string): string {
  const line = new RegExp(`^  ${module}: \\{(.*?)(?:, uses: \\[(.*?)\\])?(, consumes: \\[.*?\\])? \\}$`, 'm');
  return yaml.replace(
    line,
    (_, head: string, uses: string | undefined, rest = '') =>
      `  ${module}: {${head}, uses: [${[...(uses ? [uses] : []), used].join(', ')}]${rest} }`,
  );
}
