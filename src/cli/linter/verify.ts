import { realpathSync } from 'node:fs';
import { recognisers } from '../../extract/catalogue.gen.ts';
import { languages } from '../../extract/languages.gen.ts';
import { typescript } from '../../extract/typescript/language.ts';
import { diskWorkspace } from '../../extract/workspace/disk.ts';
import { readConfiguration } from '../../lint/dependency-cruiser/configuration.ts';
import { planCruise } from '../../lint/dependency-cruiser/foreign.ts';
import { defaultOptions } from '../../lint/dependency-cruiser/options.ts';
import { plugAndPlay } from '../../lint/dependency-cruiser/plug-and-play.ts';
import { reasons } from '../../lint/dependency-cruiser/reasons.ts';
import { type Difference, verifyEngine } from '../../lint/dependency-cruiser/verify.ts';
import { readSystem } from '../../lint/lint.ts';
import { counted } from '../../model/counted.ts';
import { print } from '../output.ts';
import { type ForeignOptions, isTrusted } from './foreign.ts';

/**
 * Compares our imports with dependency-cruiser's on this repository: under the same options, where nothing may differ, and
 * by our own resolution, where every difference has a reason. 1 when something is left, 2 when there is nothing to compare.
 */
export async function verifyCommand(
  path: string,
  { trustConfig }: Pick<ForeignOptions, 'trustConfig'>,
): Promise<number> {
  const workspace = diskWorkspace(path);
  const { model } = await readSystem(workspace, { languages, recognisers });
  const files = new Map([...model.files].filter(([path]) => typescript.claims(path)));
  const paths = [...files.keys()];
  if (paths.length === 0) {
    print('There is no TypeScript or JavaScript file to compare.\n');
    return 2;
  }
  const root = realpathSync(path);
  const trusted = isTrusted(trustConfig);
  const configuration = await readConfiguration(workspace, trusted ? root : undefined);
  const options = defaultOptions((file) => workspace.files.has(file));
  const plan = configuration ? planCruise(configuration.config, workspace) : { paths, options, notNative: [] };
  if (plan.notNative.length > 0) {
    print(
      `${configuration?.file} is left to dependency-cruiser itself (${plan.notNative.join(', ')}): nothing to compare.\n`,
    );
    return 0;
  }
  const packages = plugAndPlay(root, trusted);
  const { edges, differences, explained, fallbacks, violations } = verifyEngine({
    root,
    ...(packages && { packages }),
    paths: plan.paths,
    options: plan.options,
    files,
    links: typescript.link!(files, workspace, () => []),
    exists: (file) => workspace.files.has(file),
  });
  for (const each of differences) print(`differs from dependency-cruiser: ${told(each)}\n`);
  const byReason = Map.groupBy(explained, ({ reason }) => reason);
  for (const [reason, list] of [...byReason].sort(([a], [b]) => (`${a}` < `${b}` ? -1 : 1))) {
    print(`${reason ?? 'unexplained'} (${list.length}): ${reason ? reasons[reason] : 'worth reporting'}\n`);
    for (const each of reason ? list.slice(0, SHOWN) : list) print(`  ${told(each)}\n`);
    if (reason && list.length > SHOWN) print(`  … and ${list.length - SHOWN} more\n`);
  }
  const unexplained = byReason.get(undefined)?.length ?? 0;
  print(
    `${counted(paths.length, 'TypeScript and JavaScript file')}, ${counted(edges, 'import')} between files as dependency-cruiser sees them.\n`,
  );
  print(
    packages
      ? "Under Plug'n'Play its rules run on its own graph: nothing to compare.\n"
      : `Under its options: ${counted(differences.length, 'difference')}${byCompiler(fallbacks.length)}.\n`,
  );
  print(`By our resolution: ${counted(explained.length, 'difference')}, ${unexplained} of them without a reason.\n`);
  if (configuration && !packages) print(`Rules of ${configuration.file}: ${toldViolations(violations)}.\n`);
  return differences.length > 0 || unexplained > 0 || !violations.equal ? 1 : 0;
}

/** Examples of each reason; all of what has none. */
const SHOWN = 5;
const byCompiler = (n: number): string => (n === 0 ? '' : `; ${counted(n, 'file')} read by the compiler`);
const toldViolations = ({ count: n, equal }: { readonly count: number; readonly equal: boolean }): string =>
  `${counted(n, 'violation')}, ${equal ? 'the same' : 'NOT the same'} on both graphs`;
const told = ({ from, spec, ours, theirs }: Difference): string =>
  `${from} imports '${spec}': ours ${ours ?? '–'}, dependency-cruiser ${theirs ?? '–'}`;
