import { snake } from './names.ts';
import type { Blueprint, Deployable, Module } from './schema.ts';

/** A module that another deployable hosts now, so that its data is in the wrong database. */
export interface Move {
  readonly module: string;
  /** SQL schema that holds its data. */
  readonly schema: string;
  readonly from: string;
  readonly to: string;
}

const homeOf = ({ deployables }: Blueprint, { name }: Module): Deployable | undefined =>
  deployables.find(({ hosts }) => hosts.includes(name));

/** Modules of both blueprints that changed their deployable. */
export function movesBetween(before: Blueprint, after: Blueprint): readonly Move[] {
  return after.modules.flatMap((module) => {
    const known = before.modules.some(({ name }) => name === module.name);
    const [from, to] = [homeOf(before, module), homeOf(after, module)];
    if (!known || !from || !to || from.name === to.name) return [];
    return [{ module: module.name, schema: snake(module.name), from: from.name, to: to.name }];
  });
}

/** Modules that are no longer there; their data is where it was. */
export const removedBetween = (before: Blueprint, after: Blueprint): readonly Module[] =>
  before.modules.filter(({ name }) => !after.modules.some((module) => module.name === name));

export interface Step {
  readonly what: string;
  readonly command?: string;
}

/**
 * How the data of a moved module follows it, step by step: no program moves a person's data unasked. `$FROM` and `$TO` are
 * the DATABASE_URL of the two deployables.
 */
export function dataSteps({ module, schema, from, to }: Move): readonly Step[] {
  const copy = (table: string, where: string): Step => ({
    what: `What the platform keeps for it in ${table}:`,
    command: `psql "$FROM" -c "copy (select * from platform.${table} where ${where}) to stdout" | psql "$TO" -c "copy platform.${table} from stdin"`,
  });
  return [
    {
      what: `Stop requests to ${module}. When outbox_pending is 0 and jobs_queue_depth is 0 for its jobs, its events and jobs are delivered and done: stop ${from}.`,
    },
    {
      what: `Make the tables of ${to}, without starting it:`,
      command: `DATABASE_URL="$TO" node deployables/${to}/main.ts migrate`,
    },
    {
      what: `Copy the schema "${schema}":`,
      command: `pg_dump "$FROM" --data-only --schema=${schema} --format=custom | pg_restore --dbname="$TO" --no-owner --single-transaction`,
    },
    copy('inbox', `consumer = '${module}'`),
    copy('idempotency', `operation like '${module}.%'`),
    copy('saga', `owner = '${module}'`),
    { what: `Start ${from} and ${to} as they are generated now, and let requests in.` },
    {
      what: 'When nothing is missing, remove what was left behind:',
      command: `psql "$FROM" -c 'drop schema "${schema}" cascade'`,
    },
  ];
}
