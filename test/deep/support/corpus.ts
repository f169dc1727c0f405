import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Path } from '../../../src/model/facts.ts';

/** A file of a case, before anything is done to it. */
export interface Material {
  readonly path: Path;
  readonly bytes: Buffer;
}
const root = fileURLToPath(new URL('../../../', import.meta.url));

function filesBelow(folder: string): Material[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({ path: file.slice(folder.length + 1), bytes: readFileSync(file) }));
}

/** The small projects beside the rules: each is linted as it is in the rules' own tests. */
export const projects: readonly (readonly Material[])[] = readdirSync(`${root}rules`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => ['ok', 'bad'].map((kind) => `${root}rules/${name}/${kind}`))
  .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
  .sort()
  .map((folder) => filesBelow(folder).filter(({ path }) => path !== 'findings.txt'));

const texts: readonly (readonly [Path, string])[] = [
  ['CODEOWNERS', '# who\n* @org/all\n/src/ @a @b\n[Section][2] @c\n*.ts\n^[Other]\ndocs/* d@example.com\n/a\\ b/ @e\n'],
  [
    '.dependency-cruiser.json',
    '{ "extends": "./base.json", "forbidden": [{ "name": "no-circular", "severity": "warn", "from": {}, "to": { "circular": true } }] }',
  ],
  [
    '.dependency-cruiser.cjs',
    "const path = '^src/' + 'a';\n/** @type {import('dependency-cruiser').IConfiguration} */\nmodule.exports = { extends: 'dependency-cruiser/configs/recommended', forbidden: [{ name: 'x', from: { path }, to: { path: ['b', `c`].join('|') } }], options: { doNotFollow: { path: 'node_modules' }, tsConfig: {} } };\n",
  ],
  ['base.json', '{ "options": { "exclude": "x" }, "allowed": [{ "from": {}, "to": {} }], "required": [] }'],
  [
    '.scalable-backend/baseline.json',
    '{ "version": 1, "accepted": { "missing-timeout": ["src/a.ts#f#fetch"], "gone": ["x"] } }',
  ],
  ['.scalable-backend/baseline/orders.json', '{ "version": 1, "accepted": { "module-boundary": ["a>b", "a>b"] } }'],
  [
    'tsconfig.json',
    '{\n  // paths\n  "extends": ["./tsconfig.base.json"],\n  "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["./src/*"], "*": ["x/*"] }, "outDir": "dist", "rootDir": "src", },\n  "references": [{ "path": "./packages/a" }], "files": []\n}\n',
  ],
  ['tsconfig.base.json', '{ "extends": "./tsconfig.json", "compilerOptions": { "paths": { "#a": ["a"] } } }'],
  [
    'package.json',
    '{ "name": "@x/root", "workspaces": ["packages/*"], "type": "module", "imports": { "#a/*": { "types": "./a/*.ts", "default": ["./src/*.ts"] } }, "exports": { ".": "./src/index.ts", "./*": "./dist/*.js" }, "main": "dist/index.js", "dependencies": { "express": "4", "@x/a": "*" } }',
  ],
  ['packages/a/package.json', '{ "name": "@x/a", "exports": "./index.ts", "dependencies": { "@x/root": "*" } }'],
  [
    'k8s/api.yaml',
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec:\n  template:\n    spec:\n      containers:\n        - name: api\n          image: "shop/api:1"\n          env: [{ name: DATABASE_URL, valueFrom: { secretKeyRef: { name: s, key: k } } }]\n          livenessProbe: { httpGet: { path: /livez, port: 80 } }\n---\nkind: Service\n',
  ],
  [
    'compose.yaml',
    'x-base: &base\n  restart: always\n  environment: { A: "${B:-c}" }\nservices:\n  api:\n    <<: *base\n    build: { context: ., dockerfile: Dockerfile }\n    depends_on: { db: { condition: service_healthy } }\n    ports: ["80:80", { target: 90, published: 91 }]\n    env_file: [.env]\n    extends: { service: db }\n    healthcheck: { test: ["CMD", "curl", "http://localhost/healthz"] }\n  db:\n    image: postgres:18@sha256:0\n    command: >-\n      postgres -c a=b\n',
  ],
  [
    'template.yaml',
    'Globals:\n  Function: { Environment: { Variables: { T: !Ref Topic } } }\nResources:\n  Topic: { Type: AWS::SNS::Topic }\n  Api:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: src/dist/\n      Handler: index.handler\n      Environment: { Variables: { A: !Sub "sns://${Topic}", B: { Fn::GetAtt: [Topic, Arn] }, C: !GetAtt ApiUrl.FunctionUrl } }\n',
  ],
  [
    '.github/workflows/ci.yml',
    'on: push\nenv: { A: "${{ secrets.A }}" }\njobs:\n  test:\n    services: { db: { image: "postgres:18", ports: ["5432:5432"], options: --health-cmd x } }\n    steps:\n      - uses: actions/checkout@v4\n      - run: npm ci\n        env: { B: "${{ env.A }}/x" }\n',
  ],
  [
    'Dockerfile',
    'ARG BASE=node:24\nFROM ${BASE} AS build\nENV A=b C="d e"\nRUN --mount=type=cache,target=/x npm ci \\\n  # comment\n  && npm test\nFROM build\nUSER node\nEXPOSE 80/tcp 81\nHEALTHCHECK --interval=1s CMD curl http://localhost/livez || exit 1\nENTRYPOINT ["node", "main.js"]\nCMD echo <<EOF\nx\nEOF\n',
  ],
  ['.env', '# c\nexport A=b # c\nB="x\\n${A:-d}"\nC=\'raw $A\'\nD=`tick`\nURL=postgres://u:p@h:1/d?x=y\n'],
  [
    'prisma/schema.prisma',
    'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n\nmodel User {\n  id Int @id\n  @@map("users")\n  @@schema("auth")\n}\n// model Old { }\n',
  ],
  [
    'pom.xml',
    '<project><!-- c --><dependencies><dependency><artifactId>spring-boot-starter-actuator</artifactId></dependency></dependencies></project>\n',
  ],
  [
    'architecture.yaml',
    "version: 1\nname: shop\nmodules:\n  a: { path: src, uses: [b], public: ['*.ts'], tags: [t] }\n  b: { path: packages/a }\ndeployables:\n  api: { kind: server, path: ., hosts: [a, b], public: true }\nlint:\n  extends: strict\n  failOn: { severity: warning, confidence: likely }\n  rules: { missing-timeout: warning, module-boundary: [error, { typeOnly: false }] }\n  overrides: [{ paths: ['src/**'], rules: { missing-timeout: off } }]\n  suppress: [{ rule: missing-timeout, path: 'src/**', reason: x, owner: y, until: '2027-01-01' }]\n  unchecked: [{ path: 'src/**', reason: x, until: '2027-01-01' }]\n  layers: ['src/{domain,infra,app}']\n  boundaries:\n    - { from: 'src/<m>/**', forbid: 'src/<!m>/**', reason: r, good: ['src/a/x.ts > src/a/y.ts'], bad: ['src/a/x.ts > src/b/y.ts'] }\n    - { from: tag:t, allowOnly: [tag:t, 'package:zod*'], reason: r }\n",
  ],
  [
    'src/a.ts',
    "import axios, { type X } from 'axios';\nimport b = require('./b');\nexport * from '@/c';\n/// <reference path=\"./d.ts\" />\nconst url = process.env.URL ?? 'http://10.0.0.1:80';\n// scalable-backend-ignore missing-timeout: a reason (me) until 2027-01-01\nexport const f = async (x = `${url}/a`): Promise<void> => { for (const a of [1]) await axios.get(x, { ...b, timeout: 1 }); await fetch(url); import('./e').then(({ g }) => g()); };\n@Injectable() export class C<T extends {}> { constructor(private readonly http: HttpService, @Inject('x') y: T) {} m() { return this.http.get('x'); } }\n",
  ],
];

/** Files by themselves, one or more for everything that the linter reads; small ones, so that many cases fit a minute. */
export const samples: readonly Material[] = [
  ...texts.map(([path, text]) => ({ path, bytes: Buffer.from(text) })),
  ...['java', 'python', 'typescript'].flatMap((language) =>
    filesBelow(`${root}src/extract/${language}/fixtures`).filter(({ path }) => !path.endsWith('.facts')),
  ),
  ...readdirSync(`${root}test/golden`)
    .flatMap((name) => filesBelow(`${root}test/golden/${name}`))
    .filter(({ path, bytes }) => bytes.length < 4000 && !/\.(?:md|txt)$/.test(path)),
];
