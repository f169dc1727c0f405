import { hash } from 'node:crypto';
import type { Path } from '../../model/facts.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Checked } from '../checked.ts';
import type { Identify } from './identify.ts';

/** What a whole run found out, with everything that it was made from: read before anything that could make it again. */
export interface Outcome {
  /** What was asked, of which files, with what installed. */
  readonly state: string;
  /** Files whose content had a say, and the id of the content of each. */
  readonly read: readonly Path[];
  readonly ids: readonly string[];
  /** Those of them of which more than their facts had a say. */
  readonly beyond: readonly Path[];
  /** Those of which somebody asked for the names that others can reach. */
  readonly named: readonly Path[];
  /** What the facts that it was made from add up to, where those are kept. */
  readonly facts: number | undefined;
  /** Files of which only the size was asked, and a digest of their sizes. */
  readonly measured: readonly Path[];
  readonly sizes: string;
  readonly checked: Checked;
}
export interface Asked {
  /** What was asked for, in words of whoever asks. */
  readonly question: string;
  /** What else decides where an import leads: which packages are installed. */
  readonly installed: string;
}

/**
 * The files that are edited since: with none of them, the same run would find out the same. Undefined where more than the
 * content of files is different.
 */
export const editedSince = (
  kept: Outcome,
  workspace: Workspace,
  identify: Identify,
  asked: Asked,
): readonly Path[] | undefined =>
  kept.state === stateOf(workspace, asked) && kept.sizes === sizesOf(kept.measured, workspace)
    ? kept.read.filter((path, i) => identify(path) !== kept.ids[i])
    : undefined;

export function outcomeOf(
  checked: Checked,
  made: Pick<Outcome, 'read' | 'beyond' | 'named' | 'facts' | 'measured'>,
  workspace: Workspace,
  identify: Identify,
  asked: Asked,
): Outcome {
  const ids = made.read.map(identify);
  return { state: stateOf(workspace, asked), ...made, ids, sizes: sizesOf(made.measured, workspace), checked };
}

const stateOf = ({ files, gaps = [] }: Workspace, { question, installed }: Asked): string =>
  hash('sha1', [question, installed, JSON.stringify(gaps), ...files.keys()].join('\0'));

const sizesOf = (measured: readonly Path[], workspace: Workspace): string =>
  hash('sha1', measured.map((path) => workspace.size?.(path)).join('\0'));

/** A workspace that notes what is asked of it. A content is identified before it is used: an edit in between is seen. */
export function noting(workspace: Workspace, identify: Identify) {
  const read = new Set<Path>();
  const measured = new Set<Path>();
  const refused = new Set<Path>();
  const { size } = workspace;
  return {
    workspace: {
      ...workspace,
      read(path: Path) {
        identify(path);
        read.add(path);
        const bytes = workspace.read(path);
        if (!bytes) refused.add(path);
        return bytes;
      },
      ...(size && {
        size(path: Path) {
          measured.add(path);
          return size(path);
        },
      }),
    } satisfies Workspace,
    /** `more`: files whose content was known without reading. */
    noted(more: Iterable<Path>): Pick<Outcome, 'read' | 'measured'> {
      const all = read.union(new Set(more));
      return { read: [...all].sort(), measured: [...measured.difference(all.difference(refused))].sort() };
    },
  };
}
