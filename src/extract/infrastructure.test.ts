import { beforeAll, describe, expect, test } from 'vitest';
import type { FactKind } from '../model/facts.ts';
import { cloudformation } from './cloudformation.ts';
import { compose } from './compose.ts';
import { dockerfile } from './dockerfile.ts';
import { envFile } from './env-file.ts';
import { githubActions } from './github-actions.ts';
import { buildFiles } from './java/build-files.ts';
import type { Language } from './language.ts';
import { prisma } from './prisma.ts';

beforeAll(async () => {
  await dockerfile.prepare?.();
});

const read = (language: Language, path: string, text: string) =>
  language.extract({ path, bytes: new TextEncoder().encode(text), digest: '' }, []);
/** Facts of one kind without their place. */
const facts = (language: Language, path: string, text: string, kind: FactKind) =>
  read(language, path, text)
    .facts.filter((fact) => fact.kind === kind)
    .map(({ kind: _kind, span: _span, fn: _fn, loop: _loop, tx: _tx, ...fact }) => fact);
const lit = (v: string) => ({ k: 'lit', v });

describe('compose', () => {
  test('what ends too early is wrong at its last place, not behind it', () => {
    const text = 'services: { a: [b';
    expect(read(compose, 'compose.yaml', text).gaps).toMatchObject([
      { why: 'parse', span: [text.length, text.length] },
    ]);
  });
  test.each([
    ['compose.yaml', true],
    ['deploy/docker-compose.prod.yml', true],
    ['compose.override.yaml', true],
    ['docs/composer.yaml', false],
    ['decompose.yaml', false],
  ])('%s is claimed: %s', (path, claimed) => expect(compose.claims(path)).toBe(claimed));

  test('a service: build, image, ports in every form, dependencies, profiles, command, env files', () => {
    const text = `
services:
  api:
    build: { context: ../apps/api, dockerfile: deploy/Dockerfile }
    image: \${REGISTRY:-local}/api:\${TAG}
    command: node main.js --port 3000
    depends_on: { postgres: { condition: service_healthy }, redis: { condition: service_started } }
    ports: ['8080:80', '127.0.0.1:9090:90/tcp', 3000, { target: 443, published: '8443' }, '5000-5001:6000-6001']
    env_file: [{ path: api.env, required: false }, ../common.env]
    profiles: [debug]
  postgres: { image: 'postgres:18' }
`;
    expect(facts(compose, 'deploy/compose.yaml', text, 'process')).toEqual([
      {
        name: 'api',
        image: 'local/api:${TAG}',
        build: 'apps/api',
        dockerfile: 'apps/api/deploy/Dockerfile',
        command: ['node', 'main.js', '--port', '3000'],
        dependsOn: ['postgres', 'redis'],
        ports: [
          { inside: 80, outside: 8080 },
          { inside: 90, outside: 9090 },
          { inside: 3000 },
          { inside: 443, outside: 8443 },
          { inside: 6000, outside: 5000 },
        ],
        envFiles: ['deploy/api.env', 'common.env'],
        profiles: ['debug'],
      },
      { name: 'postgres', image: 'postgres:18', dependsOn: [], ports: [] },
    ]);
  });

  test('environment as map and as list, with interpolation and values from the shell', () => {
    const text = `
services:
  a:
    environment:
      URL: postgres://\${DB_HOST:-db}:5432/\${DB_NAME}
      NUMBER: 007
      FROM_SHELL:
      DOLLAR: a$$b
  b:
    environment: [MODE=production, EMPTY=, FROM_SHELL, 'QUERY=a=b']
`;
    expect(facts(compose, 'compose.yaml', text, 'env-set')).toEqual([
      {
        name: 'URL',
        scope: 'a',
        value: {
          k: 'cat',
          of: [
            lit('postgres://'),
            { k: 'env', name: 'DB_HOST', or: lit('db') },
            lit(':5432/'),
            { k: 'env', name: 'DB_NAME' },
          ],
        },
      },
      { name: 'NUMBER', scope: 'a', value: lit('007') },
      { name: 'FROM_SHELL', scope: 'a', value: { k: 'env', name: 'FROM_SHELL' } },
      { name: 'DOLLAR', scope: 'a', value: lit('a$b') },
      { name: 'MODE', scope: 'b', value: lit('production') },
      { name: 'EMPTY', scope: 'b', value: lit('') },
      { name: 'FROM_SHELL', scope: 'b', value: { k: 'env', name: 'FROM_SHELL' } },
      { name: 'QUERY', scope: 'b', value: lit('a=b') },
    ]);
  });

  test('anchors, merge keys and extends; own keys win', () => {
    const text = `
x-base: &base
  image: node:24
  environment: { LEVEL: info, SHARED: base }
services:
  one:
    <<: *base
    environment: { SHARED: one }
  two:
    extends: one
    image: node:26
  loop: { extends: { service: loop } }
`;
    expect(facts(compose, 'compose.yaml', text, 'process')).toMatchObject([
      { name: 'one', image: 'node:24' },
      { name: 'two', image: 'node:26' },
      { name: 'loop' },
    ]);
    expect(facts(compose, 'compose.yaml', text, 'env-set')).toEqual([
      { name: 'SHARED', scope: 'one', value: lit('one') },
      { name: 'SHARED', scope: 'two', value: lit('one') },
    ]);
  });

  test('a build that names no context adds to that of another file', () => {
    const text = 'services: { ui: { build: { target: base } }, api: { build: . } }';
    expect(facts(compose, 'compose.test.yaml', text, 'process')).toMatchObject([
      { name: 'ui' },
      { name: 'api', build: '.', dockerfile: 'Dockerfile' },
    ]);
    expect(facts(compose, 'compose.test.yaml', text, 'process')[0]).not.toHaveProperty('build');
  });

  test('health checks; a disabled one is none', () => {
    const text = `
services:
  a: { healthcheck: { test: [CMD, curl, -f, 'http://localhost:8080/healthz'] } }
  b: { healthcheck: { test: pg_isready } }
  c: { healthcheck: { disable: true } }
  d: { healthcheck: { test: NONE } }
`;
    expect(facts(compose, 'compose.yaml', text, 'probe')).toEqual([
      { checks: 'health', of: 'a', path: '/healthz' },
      { checks: 'health', of: 'b' },
    ]);
  });

  test('facts lead to their place', () => {
    const text = 'services:\n  api:\n    environment:\n      LEVEL: info\n';
    const found = read(compose, 'compose.yaml', text).facts.find(({ kind }) => kind === 'env-set');
    expect(text.slice(...(found?.span ?? [0, 0]))).toBe('LEVEL: info');
  });

  test.each([
    ['broken', 'services:\n  api: [unclosed\n', 'parse'],
    ['deep', `services: ${'['.repeat(5_000)}${']'.repeat(5_000)}`, 'too-deep'],
    ['big', `services: {}\n# ${'x'.repeat(1_000_001)}`, 'too-big'],
    [
      'an alias bomb',
      `a: &a [1,1,1,1,1,1,1,1,1,1]\n${'bcdefgh'
        .split('')
        .map((name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[i]}`).join(',')}]`)
        .join('\n')}\nservices: { api: { ports: *h, environment: *h } }`,
      undefined,
    ],
  ])('%s is a gap or nothing, never an exception', (_, text, why) => {
    const { gaps } = read(compose, 'compose.yaml', text);
    expect(gaps[0]?.why).toBe(why);
  });
  test('a gap of broken syntax has its place', () => {
    const text = 'services:\n  api:\n    image: "unclosed\n';
    expect(read(compose, 'compose.yaml', text).gaps).toMatchObject([
      { why: 'parse', span: [expect.any(Number), expect.any(Number)] },
    ]);
  });
  test('a flat map is read in linear time', () => {
    const cost = (size: number) => {
      const keys = Array.from({ length: size }, (_, i) => `      K${i}: v`).join('\n');
      const before = process.cpuUsage();
      const found = facts(compose, 'compose.yaml', `services:\n  a:\n    environment:\n${keys}\n`, 'env-set');
      expect(found).toHaveLength(size);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    cost(1_000);
    // Ten times the keys: ten times the work, and not a hundred times.
    expect(cost(10_000) / cost(1_000)).toBeLessThan(40);
  });
});

describe('Dockerfile', () => {
  test.each([
    ['api/Dockerfile', true],
    ['Dockerfile.prod', true],
    ['api.Dockerfile', true],
    ['Dockerfile.md', false],
    ['dockerfile.ts', false],
  ])('%s is claimed: %s', (path, claimed) => expect(dockerfile.claims(path)).toBe(claimed));

  test('the last stage with what it inherits', () => {
    const text = `# syntax=docker/dockerfile:1
ARG NODE=24
FROM node:\${NODE}-slim AS base
ENV LEVEL=info NAME="two words"
USER node
EXPOSE 3000 9090/tcp
FROM base AS build
USER root
RUN npm ci && \\
    # a comment inside
    npm run build
FROM base
COPY --from=build /app /app
ENTRYPOINT ["node"]
CMD ["main.js"]
HEALTHCHECK --interval=5s CMD wget -qO- http://localhost:3000/readyz || exit 1
`;
    expect(facts(dockerfile, 'api/Dockerfile', text, 'image')).toEqual([
      { base: 'node:24-slim', user: 'node', command: ['node', 'main.js'], ports: [3000, 9090] },
    ]);
    expect(facts(dockerfile, 'api/Dockerfile', text, 'env-set')).toEqual([
      { name: 'LEVEL', scope: 'api/Dockerfile', value: lit('info') },
      { name: 'NAME', scope: 'api/Dockerfile', value: lit('two words') },
    ]);
    expect(facts(dockerfile, 'api/Dockerfile', text, 'probe')).toEqual([{ checks: 'health', path: '/readyz' }]);
  });

  test('shell form, old ENV form, heredoc, no health check', () => {
    const text = 'FROM alpine\nENV PATH_TO /opt/x\nRUN <<EOF\nUSER fake\nEOF\nCMD node main.js\nHEALTHCHECK NONE\n';
    expect(facts(dockerfile, 'Dockerfile', text, 'image')).toEqual([
      { base: 'alpine', command: ['/bin/sh', '-c', 'node main.js'] },
    ]);
    expect(facts(dockerfile, 'Dockerfile', text, 'env-set')).toMatchObject([{ name: 'PATH_TO', value: lit('/opt/x') }]);
    expect(facts(dockerfile, 'Dockerfile', text, 'probe')).toEqual([]);
  });

  test('a stage that is called like its image does not inherit from itself', () => {
    expect(facts(dockerfile, 'Dockerfile', 'FROM node AS node\nCMD ["node"]\n', 'image')).toEqual([
      { base: 'node', command: ['node'] },
    ]);
  });
  test('without FROM it is a gap', () => {
    expect(read(dockerfile, 'Dockerfile', 'RUN true\n').gaps).toMatchObject([{ why: 'parse' }]);
  });
});

describe('env file', () => {
  test.each([
    ['.env', true],
    ['api/.env.example', true],
    ['deploy/common.env', true],
    ['env.example', true],
    ['src/env.ts', false],
    ['.envrc', false],
  ])('%s is claimed: %s', (path, claimed) => expect(envFile.claims(path)).toBe(claimed));

  test('quotes, comments, export and references', () => {
    const text = `# comment
export PORT=3000 # the port
NAME="with # hash"
RAW='$NOT_A_REFERENCE'
URL=http://\${HOST:-localhost}:3000/#anchor
EMPTY=
MULTI="one
two"
  INDENTED = yes
not a line
`;
    expect(facts(envFile, '.env', text, 'env-set')).toEqual([
      { name: 'PORT', scope: '.env', value: lit('3000') },
      { name: 'NAME', scope: '.env', value: lit('with # hash') },
      { name: 'RAW', scope: '.env', value: lit('$NOT_A_REFERENCE') },
      {
        name: 'URL',
        scope: '.env',
        value: {
          k: 'cat',
          of: [lit('http://'), { k: 'env', name: 'HOST', or: lit('localhost') }, lit(':3000/#anchor')],
        },
      },
      { name: 'EMPTY', scope: '.env', value: lit('') },
      { name: 'MULTI', scope: '.env', value: lit('one\ntwo') },
      { name: 'INDENTED', scope: '.env', value: lit('yes') },
    ]);
  });
});

describe('GitHub Actions', () => {
  const text = `
env: { CI: true }
jobs:
  test:
    runs-on: ubuntu-latest
    env: { DATABASE_URL: 'postgres://localhost/\${{ matrix.db }}' }
    services:
      postgres: { image: 'postgres:18', ports: ['5432:5432'], options: --health-cmd pg_isready }
    steps:
      - uses: actions/checkout@v5
      - run: npm test
        env: { LEVEL: debug }
  deploy: { uses: ./.github/workflows/deploy.yml }
`;
  test('jobs, their services and environment', () => {
    expect(facts(githubActions, '.github/workflows/ci.yml', text, 'pipeline')).toEqual([
      { job: 'test', run: ['npm test'], uses: ['actions/checkout@v5'] },
      { job: 'deploy', run: [], uses: ['./.github/workflows/deploy.yml'] },
    ]);
    expect(facts(githubActions, '.github/workflows/ci.yml', text, 'process')).toEqual([
      { name: 'postgres', image: 'postgres:18', dependsOn: [], ports: [{ inside: 5432, outside: 5432 }] },
    ]);
    expect(facts(githubActions, '.github/workflows/ci.yml', text, 'env-set')).toEqual([
      { name: 'CI', scope: 'test', value: lit('true') },
      {
        name: 'DATABASE_URL',
        scope: 'test',
        value: { k: 'cat', of: [lit('postgres://localhost/'), { k: 'unknown' }] },
      },
      { name: 'LEVEL', scope: 'test', value: lit('debug') },
      { name: 'CI', scope: 'deploy', value: lit('true') },
    ]);
  });
  test('other YAML files are not workflows', () => {
    expect(githubActions.claims('.github/dependabot.yml')).toBe(false);
    expect(githubActions.claims('.github/workflows/ci.yaml')).toBe(true);
  });
});

describe('Prisma', () => {
  test('a datasource is a connection, models are tables', () => {
    const text = `datasource db {
  provider = "postgresql" // comment
  url      = env("DATABASE_URL")
}
// model Gone { id Int }
model User {
  id Int @id
  @@map("users")
  @@schema("auth")
}
`;
    expect(facts(prisma, 'prisma/schema.prisma', text, 'connection')).toEqual([
      { engine: 'postgres', url: { k: 'env', name: 'DATABASE_URL' } },
    ]);
    expect(facts(prisma, 'prisma/schema.prisma', text, 'table')).toEqual([
      { name: lit('users'), schema: lit('auth'), op: 'map' },
    ]);
  });
  test('a written URL is one value although it holds slashes', () => {
    const text = 'datasource db {\n  provider = "mysql"\n  url = "mysql://db:3306/orders"\n}\n';
    expect(facts(prisma, 'a.prisma', text, 'connection')).toEqual([
      { engine: 'mysql', url: lit('mysql://db:3306/orders') },
    ]);
  });
});

describe('Java build files', () => {
  const pom = (inside: string) => `<project><dependencies>${inside}</dependencies></project>`;
  const actuator = '<dependency><artifactId>spring-boot-starter-actuator</artifactId></dependency>';
  test('an actuator answers a health check', () => {
    expect(facts(buildFiles, 'shop/pom.xml', pom(actuator), 'probe')).toEqual([
      { checks: 'health', path: '/actuator/health' },
    ]);
  });
  test('one in a comment does not', () => {
    expect(facts(buildFiles, 'shop/pom.xml', pom(`<!-- ${actuator} -->`), 'probe')).toEqual([]);
  });
});

describe('CloudFormation and SAM', () => {
  test.each([
    ['template.yaml', true],
    ['infra/orders.template.yml', true],
    ['sam.yaml', true],
    ['templates.yaml', false],
    ['template.json', false],
  ])('%s is claimed: %s', (path, claimed) => expect(cloudformation.claims(path)).toBe(claimed));

  const text = `
Globals:
  Function:
    CodeUri: services/shared/
    Environment: { Variables: { LOG_LEVEL: info, TABLE: !Ref Table } }
Resources:
  CatalogHttp:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: ../deployables/catalog/dist/
      Handler: functions.http
      Environment:
        Variables:
          LOG_LEVEL: debug
          BUS_URL: !Sub sns://\${Events}
          QUEUE_URL: { Ref: OrdersQueue }
          TOPIC_ARN: { Fn::GetAtt: [Events, TopicArn] }
          ORDERS_URL: !GetAtt OrdersInternalUrl.FunctionUrl
          DATABASE_URL: !Sub '{{resolve:secretsmanager:\${AWS::StackName}/catalog:SecretString:DATABASE_URL}}'
  Plain: { Type: AWS::Lambda::Function, Properties: { Handler: index.handler, Code: s3://bucket/key } }
  Events: { Type: AWS::SNS::Topic }
  OrdersQueue: { Type: AWS::SQS::Queue }
  Table: { Type: AWS::DynamoDB::Table }
`;
  test('functions, from where they were built, and what they talk to', () => {
    expect(facts(cloudformation, 'infra/template.yaml', text, 'process')).toEqual([
      {
        name: 'catalog-http',
        build: 'deployables/catalog',
        command: ['functions.http'],
        dependsOn: [],
        ports: [],
      },
      { name: 'plain', build: 'infra/services/shared', command: ['index.handler'], dependsOn: [], ports: [] },
      { name: 'events', image: 'amazon/sns', dependsOn: [], ports: [] },
      { name: 'orders-queue', image: 'amazon/sqs', dependsOn: [], ports: [] },
    ]);
  });
  test('settings: own ones win, references are addresses, secrets are not known', () => {
    const unknown = { k: 'unknown' };
    const set = facts(cloudformation, 'infra/template.yaml', text, 'env-set').filter(
      (fact) => (fact as { scope?: string }).scope === 'catalog-http',
    );
    expect(
      Object.fromEntries(set.map((fact) => [(fact as { name?: string }).name, (fact as { value?: unknown }).value])),
    ).toEqual({
      LOG_LEVEL: lit('debug'),
      BUS_URL: lit('sns://events'),
      QUEUE_URL: lit('sqs://orders-queue'),
      TOPIC_ARN: lit('sns://events'),
      ORDERS_URL: lit('https://orders-internal'),
      DATABASE_URL: unknown,
      TABLE: unknown,
    });
  });
  test('a template of something else has no facts', () => {
    expect(read(cloudformation, 'template.yaml', 'kind: Template\nobjects: []\n').facts).toEqual([]);
  });
});

describe('accepted findings', () => {
  const note = '# scalable-backend-ignore no-health-check: a job (ops) until 2027-01-31';
  test.each([
    ['compose', compose, 'compose.yaml', `services:\n  ${note}\n  job: { image: job }\n`, '  job: { image: job }'],
    ['Dockerfile', dockerfile, 'Dockerfile', `${note}\nFROM node\n`, 'FROM node'],
    ['workflow', githubActions, '.github/workflows/a.yml', `jobs: {} ${note}\n`, `jobs: {} ${note}`],
    ['env file', envFile, '.env', `${note}\nA=1\n`, 'A=1'],
  ])('in a comment of a %s', (_, language, path, text, covered) => {
    const [found] = read(language, path, text).facts.filter((fact) => fact.kind === 'suppression');
    expect(found).toMatchObject({ rule: 'no-health-check', reason: 'a job', owner: 'ops', until: '2027-01-31' });
    expect(text.slice(...(found?.covers ?? [0, 0]))).toBe(covered);
  });
});
