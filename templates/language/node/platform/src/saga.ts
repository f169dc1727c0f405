import { type Static, type TSchema, Type } from 'typebox';
import { type Call, Problem } from './contract.ts';
import { type AnyTx, type Database, type Db, sql, type Tx } from './db/port.ts';
import type { JobDefinition, Jobs, JobTools } from './jobs/port.ts';

/** Both may be called again after a crash or a lost answer: idempotent by an id of the payload. */
export interface SagaStep<P, X> {
  readonly run: (payload: P, ctx: X, call: Call) => Promise<unknown>;
  /** Takes back what `run` did or may still do: it may arrive before `run` does, and has to win then. */
  readonly undo?: (payload: P, ctx: X, call: Call) => Promise<unknown>;
}
/**
 * A change that several modules must agree on, without a transaction across them. Steps run in order. When one refuses
 * (with a problem of its contract) or the time is over, those that were begun are undone in reverse order; anything
 * else that fails is tried again. (Garcia-Molina and Salem, "Sagas", 1987.)
 */
export interface Saga<P extends TSchema, T, X> {
  readonly name: string;
  readonly payload: P;
  /** Time after which it gives up and undoes. */
  readonly timeoutMs: number;
  readonly steps: readonly SagaStep<Static<P>, X>[];
  /** Commits with the note that the saga is over. `refusal`: why it was undone; absent when every step was done. */
  readonly ended: (payload: Static<P>, tx: Tx<T>, ctx: X, refusal?: string) => Promise<void>;
}
export const saga = <P extends TSchema, T, X>(
  name: string,
  payload: P,
  parts: Omit<Saga<P, T, X>, 'name' | 'payload'>,
): Saga<P, T, X> => ({ name, payload, ...parts });

export interface Sagas {
  /** Starts when `tx` commits; once for each id, however often it is asked to. */
  // biome-ignore lint/suspicious/noExplicitAny: starting does not depend on tables and context
  start<P extends TSchema>(tx: AnyTx, of: Saga<P, any, any>, id: string, payload: Static<P>): Promise<void>;
}

interface Row {
  readonly payload: never;
  readonly status: 'running' | 'undoing' | 'ended';
  readonly step: number;
  readonly attempts: number;
  readonly refusal: string | null;
  readonly late: boolean;
}
const reference = Type.Object({ id: Type.String() });
/** One attempt; a step that takes longer is tried again. A crash is noticed by the heartbeat of the job. */
const attemptMs = 30_000;
const maxPauseMs = 60_000;

const jobOf = (name: string, run: JobDefinition<typeof reference>['run']): JobDefinition<typeof reference> => ({
  name: `saga-${name}`,
  payload: reference,
  run,
  // No number of crashes may leave a saga half done.
  options: { timeoutMs: attemptMs, attempts: 1_000 },
});

export function createSagas(owner: string, jobs: Jobs): Sagas {
  return {
    async start(tx, { name, timeoutMs }, id, payload) {
      const { rows } = await sql`insert into platform.saga (owner, name, id, payload, deadline)
        values (${owner}, ${name}, ${id}, ${JSON.stringify(payload)}::jsonb,
          now() + make_interval(secs => ${timeoutMs / 1000})) on conflict do nothing returning 1`.execute(tx);
      if (rows.length > 0) await jobs.enqueue(tx, jobOf(name, nothing), { id });
    },
  };
}

const nothing = async () => {};

/** The job that carries a saga on: it notes each step, and asks for another job where it has to wait. */
export function sagaJob<T, X extends { readonly db: Db<T>; readonly jobs: Jobs }>(
  owner: string,
  database: Database,
  // biome-ignore lint/suspicious/noExplicitAny: each saga has a payload of its own
  { name, steps, ended }: Saga<any, T, X>,
  ctx: X,
): JobDefinition<typeof reference> {
  const definition = jobOf(name, carryOn);
  const at = (id: string) => sql`owner = ${owner} and name = ${name} and id = ${id}`;

  async function read(id: string): Promise<Row> {
    const [row] = await database.run(sql<Row>`select payload, status, step, attempts, refusal, deadline < now() as late
      from platform.saga where ${at(id)}`);
    if (!row) throw new Error(`The saga ${owner}.${name} ${id} is gone`);
    return row;
  }
  /** Writes only what no other run of this saga has overtaken; false when it has. */
  async function move(id: string, from: Row, to: Partial<Row>): Promise<boolean> {
    const { status, step, refusal } = { ...from, ...to };
    const moved = await database.run(sql`update platform.saga set status = ${status}, step = ${step},
      refusal = ${refusal}, attempts = 0 where ${at(id)} and status = ${from.status} and step = ${from.step} returning 1`);
    return moved.length > 0;
  }
  async function end(id: string, row: Row): Promise<void> {
    await ctx.db.transaction(async (tx) => {
      const { rows } = await sql`update platform.saga set status = 'ended', ended_at = now()
        where ${at(id)} and status = ${row.status} returning 1`.execute(tx);
      if (rows.length > 0) await ended(row.payload, tx, ctx, row.refusal ?? undefined);
    });
  }
  async function pause(id: string, { attempts }: Row): Promise<void> {
    await ctx.db.transaction(async (tx) => {
      await sql`update platform.saga set attempts = attempts + 1 where ${at(id)}`.execute(tx);
      await ctx.jobs.enqueue(tx, definition, { id }, { delayMs: Math.min(maxPauseMs, 1000 * 2 ** attempts) });
    });
  }

  async function carryOn({ id }: Static<typeof reference>, { signal, log }: JobTools): Promise<void> {
    const call = { signal };
    for (let row = await read(id); row.status !== 'ended'; row = await read(id)) {
      if (row.status === 'running' ? row.step === steps.length : row.step < 0) return end(id, row);
      const step = steps[row.step];
      if (row.status === 'undoing') {
        try {
          await step?.undo?.(row.payload, ctx, call);
        } catch (error) {
          log.warn({ err: error, saga: id, step: row.step }, 'could not be undone yet');
          return pause(id, row);
        }
        if (!(await move(id, row, { step: row.step - 1 }))) return;
        continue;
      }
      // Whether the step that is undone first has happened is not known: undoing it is safe in both cases.
      if (row.late) {
        if (!(await move(id, row, { status: 'undoing', refusal: 'timeout' }))) return;
        continue;
      }
      let next: Partial<Row> = { step: row.step + 1 };
      try {
        await step?.run(row.payload, ctx, call);
      } catch (error) {
        if (!isRefusal(error)) {
          log.warn({ err: error, saga: id, step: row.step }, 'has to be tried again');
          return pause(id, row);
        }
        next = { status: 'undoing', refusal: error.code };
      }
      if (!(await move(id, row, next))) return;
    }
  }
  return definition;
}

/** What a contract says no with will be no the next time too; what the platform says may change. */
const isRefusal = (error: unknown): error is Problem =>
  error instanceof Problem && error.status < 500 && !error.code.startsWith('platform:');
