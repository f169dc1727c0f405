import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { pack as tarPack } from 'tar-stream';
import { bundle } from './bundle.ts';
import { carry } from './carry.ts';
import { reach } from './reach.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Everything inside a published package: POSIX path → bytes. */
export type PackageFiles = Map<string, Uint8Array>;

interface PackageSpec {
  readonly name: string;
  readonly description: string;
  readonly keywords: readonly string[];
  /** The file that starts the program: executable, and the root of the walk. */
  readonly bin: string;
  /** More roots: modules that are loaded or started by path. */
  readonly entries: readonly string[];
  /** What `import` of the package's name gets. */
  readonly main?: string;
  /** Files that are shipped as they are: templates, schema. */
  readonly verbatim: readonly string[];
  /**
   * Packages that become part of the program, which is then few files instead of a file for each module: a run is short,
   * and finding modules is a good part of it. Absent: modules keep their places.
   */
  readonly inside?: readonly string[];
  /** Packages that read their own folder are one file each in `node_modules/` of the tarball. */
  readonly bundled: readonly string[];
}

export const linterPackage: PackageSpec = {
  name: 'scalable-backend',
  description: 'Reads any backend repository, enforces module boundaries and flags what stops systems from scaling.',
  keywords: ['architecture', 'linter', 'modular-monolith', 'microservices', 'scalability', 'boundaries'],
  bin: 'bin/scalable-backend.ts',
  entries: ['src/api.ts', 'src/extract/guarded-child.ts', 'src/lint/dependency-cruiser/cruise-child.ts'],
  main: 'src/api.ts',
  verbatim: ['schema/*.json'],
  inside: ['commander', 'dockerfile-ast', 'fastest-levenshtein', 'picocolors', 'picomatch', 'pluralize', 'yaml', 'zod'],
  bundled: [],
};

export const generatorPackage: PackageSpec = {
  name: 'create-scalable-backend',
  description: 'Writes, installs and proves a backend that scales: cache, jobs, events, monitoring, CI and load tests.',
  keywords: ['generator', 'scaffold', 'modular-monolith', 'backend', 'scalability', 'typescript'],
  bin: 'bin/create-scalable-backend.ts',
  entries: globSync('generators/*/index.ts', { cwd: root }),
  verbatim: ['templates/*/*/**', 'schema/*.json'],
  bundled: ['yeoman-environment', 'yeoman-generator'],
};

const readText = (path: string) => readFileSync(join(root, path), 'utf8');
const manifest: { version: string; license: string; engines: object; dependencies: Record<string, string> } =
  JSON.parse(readText('package.json'));
export const version = manifest.version;
export const tarballName = ({ name }: Pick<PackageSpec, 'name'>) => `${name}-${version}.tgz`;

/** Digest of everything that decides the bytes of a package; cheap, so that a cache can be keyed by it. */
export function digest(spec: PackageSpec): string {
  const { files, types } = reachOf(spec);
  const hash = createHash('sha256');
  const own = globSync('scripts/pack/*.ts', { cwd: root, exclude: ['**/*.test.ts'] });
  for (const path of [
    ...files,
    ...types,
    ...verbatimFiles(spec),
    ...own,
    'package.json',
    readme(spec),
    'LICENSE',
  ].sort()) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** The files of a package, compiled. `carried` are added as they are (the other package's tarball). */
export async function build(spec: PackageSpec, carried: PackageFiles = new Map()): Promise<PackageFiles> {
  const reached = reachOf(spec);
  const out: PackageFiles = new Map(carried);
  const text = (path: string, content: string) => out.set(path, Buffer.from(content));
  const bundled = spec.inside && (await bundle(root, [spec.bin, ...spec.entries], spec.inside));
  /** What declarations name must be installed, also where the program itself does not load it. */
  const named = new Set<string>();
  for (const [path, content] of await compile([...reached.files, ...reached.types], bundled !== undefined)) {
    if (path.endsWith('.d.ts')) for (const [, name] of content.matchAll(/\bfrom '([^'.]+)'/g)) named.add(name!);
    else if (!reached.files.includes(path.replace(/\.js$/, '.ts'))) continue;
    text(path, content);
  }
  for (const [path, content] of bundled?.files ?? []) text(path, content);
  if (bundled) text('THIRD-PARTY-LICENSES', bundled.notices);
  const packages = reached.packages.filter((name) => !spec.inside?.includes(name) || named.has(name));
  for (const path of verbatimFiles(spec)) out.set(path, readFileSync(join(root, path)));
  text('package.json', `${JSON.stringify(manifestOf(spec, packages), null, 2)}\n`);
  text('README.md', readText(readme(spec)));
  text('LICENSE', readText('LICENSE'));
  if (spec.bundled.length > 0) for (const [path, content] of await carry(root, spec.bundled)) text(path, content);
  return out;
}

function manifestOf(spec: PackageSpec, packages: readonly string[]) {
  const dependencies = Object.fromEntries(
    packages.map((name) => {
      const range = manifest.dependencies[name];
      if (!range) throw new Error(`${spec.name} reaches ${name}, which is not in the dependencies of package.json`);
      return [name, range];
    }),
  );
  const { license, engines } = manifest;
  const { name, description, keywords } = spec;
  const bin = { [name]: spec.bin.replace(/\.ts$/, '.js') };
  const exports = spec.main && {
    '.': { types: `./${spec.main.replace(/\.ts$/, '.d.ts')}`, default: `./${spec.main.replace(/\.ts$/, '.js')}` },
    './schema/*': './schema/*',
    './package.json': './package.json',
  };
  const build = digest(spec).slice(0, 16);
  const bundled = spec.bundled.length > 0 ? { bundleDependencies: spec.bundled } : {};
  const about = { name, version, description, keywords, license };
  const entry = { type: 'module', engines, bin, ...(exports && { exports }) };
  return { ...about, ...entry, dependencies, ...bundled, build };
}

const reachOf = (spec: PackageSpec) => reach(root, [spec.bin, ...spec.entries]);
const readme = ({ name }: PackageSpec) => `docs/npm/${name}.md`;

/** Sources beside a template (`template.ts`, helpers, tests) are compiled or left out; everything deeper is material. */
function verbatimFiles(spec: PackageSpec): string[] {
  return spec.verbatim
    .flatMap((pattern) => globSync(pattern, { cwd: root, withFileTypes: true, exclude: ({ name }) => ignored(name) }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/'))
    .filter((path) => !/^templates\/[^/]+\/[^/]+\/[^/]+\.ts$/.test(path))
    .sort();
}
/** Left by tools and editors; what generated projects need with a leading dot is stored with an underscore. */
const ignored = (name: string) => name.startsWith('.') || name === 'node_modules' || name === 'coverage';

/** Declarations of the given sources, and their JavaScript unless those are all that is wanted, by path beside the source. */
async function compile(paths: readonly string[], declarationsOnly: boolean): Promise<Map<string, string>> {
  const { default: ts } = await import('typescript');
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.config.compilerOptions, root);
  const emit = {
    ...options,
    noEmit: false,
    noCheck: true,
    declaration: true,
    emitDeclarationOnly: declarationsOnly,
    rootDir: root,
    outDir: root,
    newLine: ts.NewLineKind.LineFeed,
  };
  // Types of packages are looked for from here, wherever the command is run.
  const host = { ...ts.createCompilerHost(emit), getCurrentDirectory: () => root };
  const program = ts.createProgram(
    paths.map((path) => join(root, path)),
    emit,
    host,
  );
  const wanted = new Set(paths);
  const out = new Map<string, string>();
  const result = program.emit(undefined, (file, content) => {
    const path = file.slice(root.length).replaceAll('\\', '/');
    const source = path.replace(/(\.d\.ts|\.js)$/, '.ts');
    if (wanted.has(source)) out.set(path, path.endsWith('.d.ts') ? declarationSpecifiers(content) : content);
  });
  const failed = result.diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  if (failed.length > 0) throw new Error(`compilation failed:\n${failed.join('\n')}`);
  return out;
}

/** The compiler rewrites `.ts` specifiers in JavaScript only. */
const declarationSpecifiers = (text: string) =>
  text.replace(/(\bfrom |\bimport\()(['"])(\.{1,2}\/[^'"]+)\.ts\2/g, '$1$2$3.js$2');

/** An npm tarball; the same files give the same bytes on every machine with the same zlib. */
export async function tarball(files: PackageFiles, bin: string): Promise<Uint8Array> {
  const pack = tarPack();
  // The date that npm itself writes; directories are implied.
  const mtime = new Date('1985-10-26T08:15:00.000Z');
  const executable = bin.replace(/\.ts$/, '.js');
  for (const [path, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    pack.entry({ name: `package/${path}`, mtime, mode: path === executable ? 0o755 : 0o644 }, Buffer.from(bytes));
  }
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack) chunks.push(chunk as Buffer);
  const zipped = gzipSync(Buffer.concat(chunks), { level: 9 });
  zipped[9] = 255; // operating system: unknown
  return zipped;
}
