import { spawnSync } from 'node:child_process';
import { createRequire, registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ICruiseResult } from 'dependency-cruiser';
import type { Path } from '../../model/facts.ts';
import { KnownError } from '../../model/known-error.ts';

/** An import as dependency-cruiser sees it; `to` is a path of the repository, or undefined where it leads outside. */
export interface CruisedEdge {
  readonly from: Path;
  readonly to: Path | undefined;
  readonly spec: string;
}
interface Job {
  readonly root: string;
  readonly files: readonly Path[];
  readonly tsConfig: Path | undefined;
}

const self = fileURLToPath(import.meta.url);

/**
 * The imports of the given files by `cruise()`, in a process of its own: there `typescript` means the compiler that
 * ts-morph bundles, because dependency-cruiser takes the one beside it, refuses version 7, and then sees no module at
 * all. It runs for as long as a large repository needs.
 */
export function cruiseImports(job: Job): readonly CruisedEdge[] {
  const child = spawnSync(process.execPath, ['--no-warnings', self], {
    cwd: job.root,
    input: JSON.stringify(job),
    encoding: 'utf8',
    maxBuffer: 1024 * 1024 * 1024,
  });
  if (child.status === 0) return JSON.parse(child.stdout) as CruisedEdge[];
  throw new KnownError(
    `dependency-cruiser could not read the repository: ${child.stderr.trim().split('\n').at(-1) ?? ''}`,
    {
      next: 'Run it by itself on the repository to see why: npx depcruise --no-config .',
    },
  );
}

/** Makes `typescript` and its manifest the bundled compiler, for dependency-cruiser and what it brings with it. */
function bundledTypeScript(): void {
  const require = createRequire(import.meta.url);
  const compiler = createRequire(require.resolve('ts-morph')).resolve('@ts-morph/common/dist/typescript.js');
  const { version } = require(compiler) as { version: string };
  const manifest = 'bundled:typescript/package.json';
  registerHooks({
    resolve(specifier, context, next) {
      const asked = context.parentURL?.includes('/node_modules/') ?? false;
      if (asked && specifier === 'typescript')
        return { url: pathToFileURL(compiler).href, format: 'commonjs', shortCircuit: true };
      if (asked && specifier === 'typescript/package.json')
        return { url: manifest, format: 'json', shortCircuit: true };
      return next(specifier, context);
    },
    load: (url, context, next) =>
      url === manifest
        ? { format: 'json', source: JSON.stringify({ name: 'typescript', version }), shortCircuit: true }
        : next(url, context),
  });
}

async function run({ files, tsConfig }: Job): Promise<readonly CruisedEdge[]> {
  bundledTypeScript();
  const { cruise } = await import('dependency-cruiser');
  const { default: extractTSConfig } = await import('dependency-cruiser/config-utl/extract-ts-config');
  const { output } = await cruise(
    [...files],
    {
      parser: 'tsc',
      tsPreCompilationDeps: true,
      moduleSystems: ['es6', 'cjs', 'tsd'],
      skipAnalysisNotInRules: true,
      doNotFollow: { path: 'node_modules' },
      ...(tsConfig && { tsConfig: { fileName: tsConfig } }),
      enhancedResolveOptions: {
        exportsFields: ['exports'],
        conditionNames: ['import', 'require', 'node', 'default', 'types'],
        extensions: ['.ts', '.tsx', '.mts', '.cts', '.d.ts', '.js', '.jsx', '.mjs', '.cjs', '.json'],
      },
    },
    undefined,
    tsConfig ? { tsConfig: extractTSConfig(tsConfig) } : undefined,
  );
  const { modules } = output as ICruiseResult;
  return modules.flatMap(({ source, dependencies }) =>
    dependencies.map(({ resolved, module, couldNotResolve, coreModule }) => ({
      from: source,
      to: couldNotResolve || coreModule || resolved.includes('node_modules/') ? undefined : resolved,
      spec: module,
    })),
  );
}

if (process.argv[1] === self) {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const edges = await run(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Job);
  process.stdout.write(JSON.stringify(edges));
}
