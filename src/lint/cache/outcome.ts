import { hash } from 'node:crypto';
import type { Path } from '../../model/facts.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Checked } from '../checked.ts';
import type { Identify } from './identify.ts';

/** What a whole run found out, with everything that it was made from: read before anything that could make it again. */
export interface Outcome {
  /** What was asked, of which files, with what installed. */
  readonly state: string;
  /** Files whose content had a say, and those of which only the size was asked. */
  readonly read: readonly Path[];
  readonly measured: readonly Path[];
  /** Of the contents and sizes of these. */
  readonly digest: string;
  readonly checked: Checked;
}
export interface Asked {
  /** What was asked for, in words of whoever asks. */
  readonly question: string;
  /** What else decides where an import leads: which packages are installed. */
  readonly installed: string;
}

/** Whether the same run would find out the same. */
export const isCurrent = (kept: Outcome, workspace: Workspace, identify: Identify, asked: Asked): boolean =>
  kept.state === stateOf(workspace, asked) && kept.digest === digestOf(kept, workspace, identify);

export function outcomeOf(
  checked: Checked,
  files: Pick<Outcome, 'read' | 'measured'>,
  workspace: Workspace,
  identify: Identify,
  asked: Asked,
): Outcome {
  const digest = digestOf(files, workspace, identify);
  return { state: stateOf(workspace, asked), ...files, digest, checked };
}

const stateOf = ({ files, gaps = [] }: Workspace, { question, installed }: Asked): string =>
  hash('sha1', [question, installed, JSON.stringify(gaps), ...files.keys()].join('\0'));

const digestOf = (
  { read, measured }: Pick<Outcome, 'read' | 'measured'>,
  workspace: Workspace,
  identify: Identify,
): string => hash('sha1', [...read.map(identify), ...measured.map((path) => workspace.size?.(path))].join('\0'));

/** A workspace that notes what is asked of it. A content is identified before it is used: an edit in between is seen. */
export function noting(workspace: Workspace, identify: Identify) {
  const read = new Set<Path>();
  const measured = new Set<Path>();
  const { size } = workspace;
  return {
    workspace: {
      ...workspace,
      read(path: Path) {
        identify(path);
        read.add(path);
        return workspace.read(path);
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
      return { read: [...all].sort(), measured: [...measured.difference(all)].sort() };
    },
  };
}
