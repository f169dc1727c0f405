import type { HttpResponse, IdempotencyRequest, IdempotencyStore } from '../http/port.ts';
import type { Logger } from '../telemetry/logger.ts';
import { afterCommit, firstStep } from './database.ts';
import { type AnyTx, type Database, sql } from './port.ts';

type Answer = Awaited<ReturnType<IdempotencyStore['once']>>;

/**
 * The key is written by the first transaction that the work opens, so it commits exactly when the effect does: after
 * a crash there is both or neither. A repetition that runs at the same time waits in that transaction for the first
 * one, and gives way. Work without a transaction has no effect to protect and leaves no key.
 * `timeoutMs`: time in which requests are answered; an answer that is not there later was lost in a crash.
 */
export function createIdempotencyStore(
  database: Database,
  { timeoutMs, log }: { readonly timeoutMs: number; readonly log: Logger },
): IdempotencyStore {
  async function find({ operation, subject, key, fingerprint }: IdempotencyRequest): Promise<Answer | undefined> {
    const [row] = await database.run(sql<{ fingerprint: string; response: HttpResponse | null; late: boolean }>`
      select fingerprint, response, created_at < now() - make_interval(secs => ${timeoutMs / 1000}) late
      from platform.idempotency
      where operation = ${operation} and subject = ${subject} and key = ${key}`);
    if (!row) return undefined;
    if (row.fingerprint !== fingerprint) return 'mismatch';
    if (row.response) return { response: row.response, replayed: true };
    return row.late ? 'lost' : 'in-progress';
  }
  return {
    async once(request, work) {
      const { operation, subject, key, fingerprint } = request;
      const before = await find(request);
      if (before) return before;
      const mine = { committed: false, repeated: false };
      const claim = async (tx: AnyTx) => {
        const { rows } = await sql`insert into platform.idempotency (operation, subject, key, fingerprint)
          values (${operation}, ${subject}, ${key}, ${fingerprint}) on conflict do nothing returning 1`.execute(tx);
        mine.repeated = rows.length === 0;
        if (mine.repeated) throw new Error(`Idempotency-Key ${key} was used before`);
        afterCommit(() => {
          mine.committed = true;
        });
      };
      const outcome = await firstStep.run({ run: claim }, work).then(
        (response) => ({ response }),
        (error: unknown) => ({ error }),
      );
      if (mine.repeated) return (await find(request)) ?? 'in-progress';
      const where = sql`operation = ${operation} and subject = ${subject} and key = ${key}`;
      if ('error' in outcome) {
        if (mine.committed) await database.run(sql`delete from platform.idempotency where ${where}`);
        throw outcome.error;
      }
      if (mine.committed) {
        const response = JSON.stringify(outcome.response);
        // The effect is there: who asked gets the answer, also where it cannot be kept for a repetition.
        await database
          .run(sql`update platform.idempotency set response = ${response}::jsonb where ${where}`)
          .catch((error) => log.warn({ err: error, operation }, 'an answer could not be kept for its Idempotency-Key'));
      }
      return { response: outcome.response, replayed: false };
    },
  };
}
