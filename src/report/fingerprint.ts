import { createHash } from 'node:crypto';
import type { Finding } from '../lint/finding.ts';

/**
 * Identity of each finding for services that follow findings over time: of its rule and atoms alone, so that moved lines
 * and new words change nothing. Findings with equal atoms are numbered.
 */
export function fingerprints(findings: readonly Finding[]): ReadonlyMap<Finding, string> {
  const seen = new Map<string, number>();
  return new Map(
    findings.map((finding) => {
      const identity = JSON.stringify([finding.rule, [...finding.atoms].sort()]);
      const digest = createHash('sha256').update(identity).digest('hex').slice(0, 32);
      const count = (seen.get(digest) ?? 0) + 1;
      seen.set(digest, count);
      return [finding, count === 1 ? digest : `${digest}-${count}`];
    }),
  );
}
