import type { Path } from '../../model/facts.ts';
import type { Finding, Report } from '../finding.ts';
import type { Repair, Replacement } from './timeouts.ts';

export interface FixPlan {
  readonly files: readonly { readonly path: Path; readonly text: string; readonly repaired: number }[];
  /** What repairs each finding alone. */
  readonly edits: ReadonlyMap<Finding, Replacement>;
  readonly left: readonly { readonly finding: Finding; readonly why: string }[];
}

/** A report with what would repair its findings, for formats that carry it. */
export const withFixes = async (report: Report): Promise<Report> => ({
  ...report,
  fixes: (await planFixes(report)).edits,
});

/**
 * New texts of the files in which findings can be repaired safely. Nothing is written here. A file with broken syntax is
 * never touched, because its tree is a guess.
 */
export async function planFixes(report: Report): Promise<FixPlan> {
  const byPath = Map.groupBy(
    report.findings.filter(({ rule }) => rule === 'missing-timeout'),
    ({ at: [{ path }] }) => path,
  );
  const files: FixPlan['files'][number][] = [];
  const left: FixPlan['left'][number][] = [];
  const edits = new Map<Finding, Replacement>();
  if (byPath.size === 0) return { files, edits, left };
  const { addTimeouts } = await import('./timeouts.ts');
  const broken = new Set(report.coverage.gaps.filter(({ why }) => why !== 'unresolved').map(({ path }) => path));
  for (const [path, findings] of byPath) {
    if (!/\.[cm]?[jt]sx?$/.test(path) || broken.has(path)) {
      const why = broken.has(path) ? 'its file does not parse' : 'only TypeScript and JavaScript are edited';
      left.push(...findings.map((finding) => ({ finding, why })));
      continue;
    }
    const repairs = findings.map((finding): Repair => ({ span: finding.at[0].span, api: apiOf(finding) }));
    const { text, done, left: kept } = addTimeouts(path, report.source(path), repairs);
    if (done.length > 0) files.push({ path, text, repaired: done.length });
    for (const { repair, edit } of done) edits.set(findings[repairs.indexOf(repair)]!, edit);
    for (const { repair, why } of kept) left.push({ finding: findings[repairs.indexOf(repair)]!, why });
  }
  return { files, edits, left };
}

/** The last part of a code atom names the call: `place#symbol#api`. */
const apiOf = ({ atoms }: Finding): string => atoms[0]?.split('#').at(-1) ?? '';
