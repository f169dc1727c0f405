import type { Static, TSchema } from 'typebox';
import type { Envelope } from './bus/port.ts';
import type { Cache } from './cache/port.ts';
import type { Call, Client, Contract, EventType, Handlers, PayloadOf } from './contract.ts';
import type { Db, Tx } from './db/port.ts';
import type { JobDefinition, JobOptions, Jobs, JobTools } from './jobs/port.ts';
import type { Outbox } from './outbox.ts';
import { type Saga, type SagaStep, type Sagas, saga } from './saga.ts';
import type { Logger } from './telemetry/logger.ts';

export { saga };
export type { Call, Handlers, JobTools, SagaStep };

type Contracts = Readonly<Record<string, Contract>>;

/** What the host gives to a module: `T` are its tables, `R` the contracts that it requires. */
export interface ModuleContext<T, R extends Contracts> {
  readonly db: Db<T>;
  /** Keys and tags are the module's own. */
  readonly cache: Cache;
  readonly outbox: Outbox;
  readonly jobs: Jobs;
  readonly sagas: Sagas;
  readonly log: Logger;
  /** Local where the module is hosted here, remote elsewhere. Never inside a transaction. */
  readonly contracts: { readonly [K in keyof R]: Client<R[K]> };
  readonly clock: () => Date;
}

/** An event as it arrives. */
export interface Received<P = unknown> extends Omit<Envelope, 'payload'> {
  readonly payload: P;
}
export interface Consumer<T, X> {
  readonly event: EventType;
  readonly handle: (event: Received<never>, tx: Tx<T>, ctx: X) => Promise<void>;
}
/** Reacts to an event. What `handle` writes with `tx` happens exactly once, however often the event arrives. */
export const consume = <E extends EventType, T, X>(
  event: E,
  handle: (event: Received<PayloadOf<E>>, tx: Tx<T>, ctx: X) => Promise<void>,
): Consumer<T, X> => ({ event, handle });

export interface Job<P extends TSchema, X> extends JobDefinition<P> {
  readonly run: (payload: Static<P>, tools: X & JobTools) => Promise<void>;
}
/** Work that nobody waits for. It may run more than once: idempotent, as everything that is retried. */
export const job = <P extends TSchema, X>(
  name: string,
  payload: P,
  run: (payload: Static<P>, tools: X & JobTools) => Promise<void>,
  options: JobOptions = {},
): Job<P, X> => ({ name, payload, run, options });

/** What a module gives to the host. */
export interface Parts<C extends Contract, T, X> {
  readonly operations: Handlers<C>;
  readonly consumers?: readonly Consumer<T, X>[];
  // biome-ignore lint/suspicious/noExplicitAny: each job has a payload of its own
  readonly jobs?: readonly Job<any, X>[];
  // biome-ignore lint/suspicious/noExplicitAny: and so has each saga
  readonly sagas?: readonly Saga<any, T, X>[];
}
export interface ModuleDefinition<C extends Contract, R extends Contracts, T> {
  readonly contract: C;
  /** Contracts of other modules that it calls. */
  readonly requires: R;
  /** Folder of its SQL files. */
  readonly migrations: URL;
  readonly create: (ctx: ModuleContext<T, R>) => Parts<C, T, ModuleContext<T, R>>;
}
/** A module of any contract and tables, as deployables list it. */
// biome-ignore lint/suspicious/noExplicitAny: the host composes modules without knowing their types
export type Module = ModuleDefinition<any, any, any>;

/** A bounded context: a contract outside, everything else inside. */
export const defineModule = <C extends Contract, R extends Contracts, T>(
  definition: ModuleDefinition<C, R, T>,
): ModuleDefinition<C, R, T> => definition;

/** The schema of a module in the database. */
export const schemaOf = ({ contract }: Module): string => (contract as Contract).name.replaceAll('-', '_');
