import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { IConfiguration, ICruiseOptions } from 'dependency-cruiser';
import { z } from 'zod';
import { suspicious } from '../../extract/typescript/guard.ts';
import { folderOf, join } from '../../extract/typescript/manifests.ts';
import { textOf } from '../../extract/workspace/text.ts';
import type { Path } from '../../model/facts.ts';
import { KnownError } from '../../model/known-error.ts';
import type { Workspace } from '../../model/workspace.ts';
import { literalOf, NotLiteral } from './literals.ts';
import { plugAndPlayModules } from './plug-and-play.ts';
import { runConfiguration } from './run.ts';

export interface Configuration {
  /** The file that was found. */
  readonly file: Path;
  /** With everything that it extends merged into it. */
  readonly config: IConfiguration;
}
const endings = ['.json', '.js', '.cjs', '.mjs', '.ts', '.cts', '.mts'];
const fileIn = ({ files }: Workspace): Path | undefined =>
  endings.map((ending) => `.dependency-cruiser${ending}`).find((path) => files.has(path));
export const hasConfiguration = (workspace: Workspace): boolean => fileIn(workspace) !== undefined;

/** Says the same as the flag, where the command cannot be changed. */
export const TRUST = 'SCALABLE_BACKEND_TRUST_CONFIG';
const trustIt = `Run it with --trust-config (or ${TRUST}=1) if you trust this repository: its configuration is a program.`;

/**
 * dependency-cruiser's configuration of a repository. It is read, not run: literals, and what it extends, as far as that is
 * of the repository or one of dependency-cruiser's own. Anything else needs `trusted`, the root under which it is run.
 * Throws a `KnownError` that names the place.
 */
export async function readConfiguration(workspace: Workspace, trusted?: string): Promise<Configuration | undefined> {
  const file = fileIn(workspace);
  if (file === undefined) return undefined;
  if (trusted !== undefined)
    return { file, config: withTsConfig(runConfiguration(trusted, file, plugAndPlayModules(trusted))) };
  const merge = await mergeConfigs();
  const config = withTsConfig(read(workspace, file, merge, []));
  for (const name of ['webpackConfig', 'babelConfig'] as const) {
    if (config.options?.[name] === undefined) continue;
    throw new KnownError(`${file}: what \`${name}\` names has to be run.`, { next: trustIt, place: { file } });
  }
  return { file, config };
}

/** As dependency-cruiser's command line has it: `tsConfig: {}` is the file of that name. */
function withTsConfig(config: IConfiguration): IConfiguration {
  const { tsConfig } = config.options ?? {};
  if (!tsConfig || tsConfig.fileName) return config;
  return { ...config, options: { ...config.options, tsConfig: { fileName: 'tsconfig.json' } } as ICruiseOptions };
}

type Merge = (extended: IConfiguration, base: IConfiguration) => IConfiguration;
const mergeConfigs = async (): Promise<Merge> =>
  (
    (await import(
      new URL('../config-utl/extract-depcruise-config/merge-configs.mjs', import.meta.resolve('dependency-cruiser'))
        .href
    )) as { default: Merge }
  ).default;

function read(workspace: Workspace, file: Path, merge: Merge, above: readonly Path[]): IConfiguration {
  if (above.includes(file)) {
    throw new KnownError(`${[...above, file].join(' extends ')}: a circle.`, { next: 'Take one of them out.' });
  }
  const own = shaped(literal(workspace, file), file);
  const { extends: bases, ...config } = own;
  return [bases ?? []].flat().reduce<IConfiguration>((merged, base) => {
    const preset = /^dependency-cruiser\/configs\/([\w-]+)(?:\.cjs)?$/.exec(base)?.[1];
    if (preset !== undefined) return merge(merged, ownPreset(preset, file));
    const path = base.startsWith('.') ? join(folderOf(file), base) : undefined;
    const found =
      path === undefined
        ? undefined
        : [path, ...endings.map((end) => path + end)].find((each) => workspace.files.has(each));
    if (found !== undefined) return merge(merged, read(workspace, found, merge, [...above, file]));
    throw new KnownError(`${file} extends '${base}', which is no file of this repository.`, {
      next: trustIt,
      place: { file },
    });
  }, config);
}

const rule = z.looseObject({
  name: z.string().optional(),
  severity: z.string().optional(),
  comment: z.string().optional(),
});
/** As far as anything here looks into it; dependency-cruiser checks the rest where it runs the rules. */
const shape = z.looseObject({
  extends: z.union([z.string(), z.array(z.string())]).optional(),
  forbidden: z.array(rule).optional(),
  required: z.array(rule).optional(),
  allowed: z.array(rule).optional(),
  allowedSeverity: z.string().optional(),
  options: z.looseObject({}).optional(),
});

function shaped(config: IConfiguration, file: Path): IConfiguration {
  const { error } = shape.safeParse(config);
  if (!error) return config;
  const [issue] = error.issues;
  throw new KnownError(`${file}: ${issue!.path.join('.')}: ${issue!.message}.`, {
    next: 'Correct it: dependency-cruiser would not take it either.',
    place: { file },
  });
}

/** Presets of dependency-cruiser are files of the package that is installed with this program. */
function ownPreset(name: string, file: Path): IConfiguration {
  const require = createRequire(import.meta.url);
  try {
    return require(
      fileURLToPath(new URL(`../../configs/${name}.cjs`, import.meta.resolve('dependency-cruiser'))),
    ) as IConfiguration;
  } catch {
    throw new KnownError(
      `${file} extends 'dependency-cruiser/configs/${name}', which dependency-cruiser does not have.`,
      {
        next: 'Its presets are recommended, recommended-strict and recommended-warn-only.',
        place: { file },
      },
    );
  }
}

function literal(workspace: Workspace, file: Path): IConfiguration {
  const bytes = workspace.read(file);
  const text = bytes ? textOf(bytes) : '';
  try {
    const reason = suspicious(text);
    if (reason !== undefined) throw new NotLiteral(reason, 0);
    const value = literalOf(file, text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new NotLiteral('it is no object', 0);
    return value as IConfiguration;
  } catch (error) {
    if (!(error instanceof NotLiteral)) throw error;
    const before = text.slice(0, error.at).split('\n');
    throw new KnownError(`${file} cannot be read without running it: ${error.message}.`, {
      next: trustIt,
      place: { file, line: before.length, column: before.at(-1)!.length + 1 },
    });
  }
}
