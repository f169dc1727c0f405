import type { FileFacts, Path } from '../../model/facts.ts';
import type { Workspace } from '../../model/workspace.ts';
import { type Manifest, readManifests } from '../typescript/manifests.ts';
import { textOf } from '../workspace/text.ts';
import { ownerIn } from './owner.ts';

/**
 * Roles of a file; `production` is what none of the others takes. A file may have several. A `view` is one of JSX that is
 * not of a package for browsers: what it imports counts, what it calls may run in one.
 */
export type FileRole =
  | 'production'
  | 'test'
  | 'fixture'
  | 'generated'
  | 'vendored'
  | 'migration'
  | 'example'
  | 'docs'
  | 'tool'
  | 'types'
  | 'ui'
  | 'view';

const byPath: readonly (readonly [FileRole, RegExp])[] = [
  [
    'test',
    /(?:^|\/)(?:__tests__|__mocks__|(?:(?!ab-)[\w-]+-)?tests?|test-[\w-]+|specs?|e2e(?:-[\w-]+)?|cypress|testing|(?:[\w-]+-)?mock-?server)\//i,
  ],
  ['test', /(?:^|\/)(?:docker-)?compose[.-](?:[\w-]+[.-])?(?:tests?|it|st|e2e|ci|integration)\.ya?ml$/],
  [
    'test',
    /[._-](?:test|tests|spec|e2e(?:-[\w-]+)?|int(?:egration)?-(?:spec|test)|cy|stories|bench|mock|conformance)\.[cm]?[jt]sx?$/,
  ],
  ['test', /(?:^|\/)(?:test_[^/]+|[^/]+_test|conftest)\.py$/],
  ['test', /(?:^|\/)src\/(?:test|integrationTest|testFixtures)\/|(?:Test|Tests|IT)\.java$/],
  ['test', /(?:^|\/)(?:vitest|jest|playwright|karma|mocha)[^/]*\.(?:config|setup|workspace)\.[cm]?[jt]s$/],
  ['fixture', /(?:^|\/)(?:__fixtures__|fixtures?|testdata|mock-?data)\//],
  [
    'generated',
    /\.(?:gen|generated|pb|g)\.[a-z]+$|_pb2(?:_grpc)?\.py$|(?:^|\/)(?:__generated__|generated)\/|(?:^|\/)\.pnp\.[^/]+$/,
  ],
  ['types', /\.d\.[cm]?ts$/],
  ['vendored', /(?:^|\/)(?:third[_-]party|\.yarn|public\/(?:js|vendor|lib))\/|[.-]min\.[cm]?js$/],
  // Foreign code comes compiled; in TypeScript, vendors are whom one buys from.
  ['vendored', /(?:^|\/)vendors?\/(?!.*\.[cm]?tsx?$)/],
  ['migration', /(?:^|\/)(?:migrations?|migrate|seeds?|seeders?)\//],
  ['example', /(?:^|\/)(?:examples?(?:-[\w-]+)?|samples?|demos?|playground)\//],
  ['docs', /(?:^|\/)(?:docs?|website|documentation)\//],
  [
    'tool',
    /(?:^|\/)\.(?:devcontainer|gitpod)(?:\/|\.Dockerfile$)|(?:^|\/)(?:scripts?|tools?|bench(?:marks?)?|load|load-?gen(?:erator)?|load-testing|hack|dev-server)\/|\.config\.[cm]?[jt]s$|(?:^|\/)(?:Gulp|Grunt)file\.js$/,
  ],
];
/** Folders of a Java package say nothing: `org.springframework.samples` is in production. */
const namespaces = /((?:^|\/)src\/main\/(?:java|kotlin|scala)\/).*\//;
/** In the first lines of a file, its author's word that it was generated. */
export function isMarkedGenerated(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 400)).toString('latin1');
  return /generated|edit/i.test(head) && notice.test(textOf(bytes.subarray(0, 400)));
}
const notice = /@generated\b|\bDO NOT EDIT\b|[Gg]enerated by .{0,60}[Dd]o not edit/;
const browser = ['react-dom', 'vue', '@angular/core', 'svelte', 'preact', 'solid-js', 'jquery'];
const servers = ['next', 'express', 'fastify', 'koa', '@nestjs/core', 'hono', 'nuxt'];

/** Roles of files whose code no rule asks about. */
export const aside: ReadonlySet<FileRole> = new Set(['test', 'fixture', 'vendored', 'example', 'docs']);

/** Roles that a path alone tells; empty for one that tells none. */
export function pathRoles(path: Path): readonly FileRole[] {
  const known = told.get(path);
  if (known) return known;
  if (told.size >= MANY) told.clear();
  const found = rolesIn(path);
  told.set(path, found);
  return found;
}
/** A run asks twice for each file, a session again and again. */
const told = new Map<Path, readonly FileRole[]>();
const MANY = 100_000;

function rolesIn(path: Path): readonly FileRole[] {
  const told = path.replace(namespaces, '$1');
  return byPath.flatMap(([role, pattern]) => (pattern.test(told) ? [role] : []));
}

/**
 * Roles of every file, from its path, what it says of itself and the package that it belongs to. What a person named as a
 * module is one, whatever its folder is called.
 */
export function fileRoles(
  workspace: Workspace,
  files: ReadonlyMap<Path, Pick<FileFacts, 'generated'>>,
  modules: readonly Path[] = [],
): ReadonlyMap<Path, readonly FileRole[]> {
  const moduleOf = ownerIn(modules.map((path) => ({ path })));
  const manifests = readManifests(workspace);
  const packages = [...manifests.values()]
    .filter(({ dependencies }) => browser.some((name) => dependencies.has(name)))
    // A page of its own makes it a user interface even where a server of files stands beside it.
    .filter(
      ({ at, dependencies }) =>
        !servers.some((name) => dependencies.has(name)) || workspace.files.has(below(at, 'index.html')),
    )
    .map(({ at }) => below(at, ''))
    .concat(pagesIn(workspace, manifests.get('')).map((at) => below(at, '')));
  const roles = new Map<Path, readonly FileRole[]>();
  for (const [path, { generated }] of files) {
    const module = moduleOf(path)?.path;
    const found = new Set(pathRoles(module ? path.slice(module.length + 1) : path));
    if (packages.some((at) => path.startsWith(at))) found.add('ui');
    else if (/\.(?:jsx|tsx)$/.test(path)) found.add('ui').add('view');
    if (generated) found.add('generated');
    roles.set(path, found.size === 0 ? ['production'] : [...found]);
  }
  return roles;
}

/** Folders with a page and the program that it loads, in a repository that has a library for browsers (one manifest for all). */
function pagesIn(workspace: Workspace, root: Manifest | undefined): readonly Path[] {
  if (!browser.some((name) => root?.dependencies.has(name))) return [];
  return [...workspace.files.keys()].flatMap((path) => {
    if (nameOf(path) !== 'index.html') return [];
    const at = path.slice(0, -'index.html'.length - 1);
    const starts = ['main', 'src/main', 'index', 'src/index'].flatMap((name) =>
      ['ts', 'tsx', 'js', 'jsx'].map((extension) => below(at, `${name}.${extension}`)),
    );
    return at !== '' && starts.some((start) => workspace.files.has(start)) ? [at] : [];
  });
}

const below = (folder: Path, name: string): Path => (folder === '' ? name : `${folder}/${name}`);

/**
 * What production imports runs in production, whatever its folder is called: `docs` may keep documents, and `test` those of
 * a laboratory. A file that says of itself what it is (`a.spec.ts`) stays that, and what helps tests leads nowhere.
 */
export function withImported(
  roles: ReadonlyMap<Path, readonly FileRole[]>,
  imports: Iterable<readonly [from: Path, to: Path]>,
): ReadonlyMap<Path, readonly FileRole[]> {
  const onlyByFolder = (path: Path) =>
    roles.get(path)?.every((role) => folders.has(role)) === true &&
    pathRoles(nameOf(path)).every((role) => role === 'tool');
  const targets = new Map<Path, Path[]>();
  for (const [from, to] of imports) {
    if (!onlyByFolder(to)) continue;
    const known = targets.get(from);
    if (known) known.push(to);
    else targets.set(from, [to]);
  }
  if (targets.size === 0) return roles;
  const all = new Map(roles);
  const open = [...targets.keys()].filter((path) => roles.get(path)?.includes('production') && !forTests.test(path));
  for (let from = open.pop(); from !== undefined; from = open.pop()) {
    for (const to of targets.get(from) ?? []) {
      // A module called `testing` is one; the library for tests that it imports stays one.
      const leaves = !roles.get(from)?.includes('production') && !to.startsWith(folderTelling(from));
      if (leaves || all.get(to)?.includes('production')) continue;
      all.set(to, ['production']);
      open.push(to);
    }
  }
  return all;
}
const folders: ReadonlySet<FileRole> = new Set(['test', 'fixture', 'example', 'docs', 'tool']);
const forTests = /(?:^|[/._-])(?:tests?|testing|mocks?|fakes?|stubs?|fixtures?|harness|setup)(?:[/._-]|$)/i;
/** The outermost folder that tells a role, with the slash behind it. */
function folderTelling(path: Path): Path {
  for (let end = path.indexOf('/') + 1; end > 0; end = path.indexOf('/', end) + 1)
    if (pathRoles(path.slice(0, end)).length > 0) return path.slice(0, end);
  return path;
}
const nameOf = (path: Path): Path => path.slice(path.lastIndexOf('/') + 1);

/**
 * Helpers of tests: what only tests import, directly or through each other, and is called like a helper. Being imported by
 * tests alone says nothing by itself: injection and folders of routes load what no file imports.
 */
export function withTestHelpers(
  roles: ReadonlyMap<Path, readonly FileRole[]>,
  imports: Iterable<readonly [from: Path, to: Path]>,
): ReadonlyMap<Path, readonly FileRole[]> {
  const importers = new Map<Path, Path[]>();
  for (const [path, own] of roles) if (own.includes('production') && helper.test(path)) importers.set(path, []);
  if (importers.size === 0) return roles;
  for (const [from, to] of imports) importers.get(to)?.push(from);
  const all = new Map(roles);
  const isTest = (path: Path) => all.get(path)?.includes('test') === true;
  for (let changed = true; changed; ) {
    changed = false;
    for (const [path, from] of importers) {
      if (from.length === 0 || !all.get(path)?.includes('production') || !from.every(isTest)) continue;
      all.set(path, ['test']);
      changed = true;
    }
  }
  return all;
}

const helper =
  /(?:^|[/._-])(?:tests?|testing|mocks?|fakes?|stubs?|fixtures?|helpers?|support|harness|setup|utils?)(?:[/._-]|$)/i;
