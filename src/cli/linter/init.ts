import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '../../../rules/catalogue.gen.ts';
import { recognisers } from '../../extract/catalogue.gen.ts';
import { ARCHITECTURE, ARCHITECTURES } from '../../extract/discover/architecture.ts';
import { languages } from '../../extract/languages.gen.ts';
import { diskWorkspace } from '../../extract/workspace/disk.ts';
import { overlay } from '../../extract/workspace/overlay.ts';
import { infer } from '../../lint/init/infer.ts';
import { architectureText } from '../../lint/init/write.ts';
import { lint, readSystem } from '../../lint/lint.ts';
import { counted } from '../../model/counted.ts';
import { KnownError } from '../../model/known-error.ts';
import { note, print } from '../output.ts';
import { writeBaseline } from './baseline.ts';

const day = 24 * 60 * 60 * 1000;

/**
 * Describes a repository, and accepts what is there: writes `architecture.yaml` and the baseline. Returns 0, or 2 when it
 * still does not pass. Throws a `KnownError` where the repository is described already.
 */
export async function initCommand(root: string, { dryRun }: { readonly dryRun?: boolean }): Promise<number> {
  const workspace = diskWorkspace(root);
  const existing = ARCHITECTURES.find((name) => workspace.files.has(name));
  if (existing !== undefined) {
    throw new KnownError(`${existing} is there already.`, { next: 'Edit it, and check with: scalable-backend lint' });
  }
  const [today, due] = [0, 90].map((days) => new Date(Date.now() + days * day).toISOString().slice(0, 10));
  const extractors = { languages, recognisers };
  const { model } = await readSystem(workspace, extractors);
  const inferred = infer(model, workspace);
  const { files, imports } = model;
  if (files.size === 0) {
    throw new KnownError('No source file was found: there is nothing to describe.', {
      next: 'Run it in the root of the repository.',
    });
  }
  const gaps = new Map(
    model.gaps
      .filter(({ path, why }) => why !== 'computed' && (model.roles.get(path)?.includes('production') ?? true))
      .filter(({ path }) => !inferred.others.some((folder) => path.startsWith(`${folder}/`)))
      .map((gap) => [gap.path, gap]),
  );
  const text = architectureText(inferred, [...gaps.values()], due!);
  if (dryRun) {
    print(text);
    return 0;
  }
  const described = overlay(workspace, new Map([[ARCHITECTURE, text]]));
  const report = await lint({ workspace: described, extractors, rules, today: today! });
  writeFileSync(join(root, ARCHITECTURE), text);
  writeBaseline(root, report, () => {});

  const { deployables, modules, rings } = inferred;
  print(
    `Wrote ${ARCHITECTURE}: ${counted(deployables.length, 'deployable')}, ${counted(modules.length, 'module')}, each with why it is believed.\n`,
  );
  for (const one of [...deployables, ...modules])
    print(`  ${one.confidence.padEnd(8)} ${one.name.padEnd(30)} ${one.why}\n`);
  for (const { from, to } of rings) print(`  not allowed: ${from} → ${to}, which closes a ring\n`);
  const accepted = report.findings.length;
  print(`Read ${counted(files.size, 'file')}, ${imports.resolved} of ${imports.seen} imports resolved. `);
  print(
    `Accepted: ${counted(accepted, 'finding')} of today by the baseline, ${counted(gaps.size, 'gap')} until ${due}.\n`,
  );
  const check = await lint({ workspace: diskWorkspace(root), extractors, rules, today: today! });
  if (check.exitCode === 0) print('scalable-backend lint passes.\n');
  else note(`It does not pass yet: ${check.problems[0] ?? counted(check.findings.length, 'finding')}.\n`);
  return check.exitCode === 0 ? 0 : 2;
}
