import type { Envelope, Receive } from '../bus/port.ts';
import type { Cache } from '../cache/port.ts';
import { type Client, type Contract, check } from '../contract.ts';
import type { Database } from '../db/port.ts';
import type { Inbox } from '../inbox.ts';
import type { JobDefinition, Jobs } from '../jobs/port.ts';
import { type Module, type ModuleContext, type Parts, schemaOf } from '../module.ts';
import type { Outbox } from '../outbox.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createSagas, sagaJob } from '../saga.ts';
import { localClient } from './local.ts';

// biome-ignore lint/suspicious/noExplicitAny: modules are composed without knowing their types
type Any = any;
/** A module with everything it was given and gave. */
export interface Hosted {
  readonly contract: Contract;
  readonly ctx: ModuleContext<Any, Any>;
  readonly parts: Parts<Contract, Any, Any>;
  /** Its jobs with what the module itself was given, those of its sagas too. */
  readonly jobs: readonly JobDefinition[];
}
/** What the modules of a process share; each gets its own part of it. */
export interface Shared {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly log: Logger;
  cache(owner: string): Cache;
  jobs(owner: string): Jobs;
  /** The client of a module that is hosted elsewhere. */
  remote?: ((contract: Contract) => Client<Contract>) | undefined;
}

/** Creates every module with its own schema, cache, jobs and the contracts that it requires. */
export function compose(modules: readonly Module[], shared: Shared): { hosted: readonly Hosted[]; clients: Clients } {
  const hosted = new Map<string, Hosted>();
  const clients: Record<string, Client<Contract>> = {};
  for (const { contract } of modules) {
    clients[contract.name] = localClient(
      contract as Contract,
      () => (hosted.get(contract.name) as Hosted).parts.operations,
    );
  }
  const remotes = new Map<string, Client<Contract>>();
  const remote = (contract: Contract) => {
    const client = remotes.get(contract.name) ?? shared.remote?.(contract);
    if (!client) throw new Error(`${contract.name} is not hosted here, and this process calls no other`);
    remotes.set(contract.name, client);
    return client;
  };
  for (const module of modules) {
    const contract = module.contract as Contract;
    const requires = Object.entries(module.requires as Record<string, Contract>);
    const jobs = shared.jobs(contract.name);
    const ctx: ModuleContext<Any, Any> = {
      db: shared.database.schema(schemaOf(module)),
      cache: shared.cache(contract.name),
      outbox: shared.outbox,
      jobs,
      sagas: createSagas(contract.name, jobs),
      log: shared.log.child({ module: contract.name }),
      contracts: Object.fromEntries(
        requires.map(([key, required]) => [key, clients[required.name] ?? remote(required)]),
      ),
      clock: () => new Date(),
    };
    const parts = module.create(ctx);
    const own = (parts.jobs ?? []).map(
      (job): JobDefinition => ({ ...job, run: (payload, tools) => job.run(payload, { ...ctx, ...tools }) }),
    );
    const sagas = (parts.sagas ?? []).map((each) => sagaJob(contract.name, shared.database, each, ctx));
    hosted.set(contract.name, { contract, ctx, parts, jobs: [...own, ...sagas] });
  }
  return { hosted: [...hosted.values()], clients };
}
type Clients = Readonly<Record<string, Client<Contract>>>;

/** The topics of a module's consumers, and what receives them: effect and inbox row commit together. */
export function receiverOf({ contract, ctx, parts }: Hosted, inbox: Inbox): { topics: string[]; receive: Receive } {
  const consumers = new Map((parts.consumers ?? []).map((consumer) => [consumer.event.topic, consumer]));
  if (consumers.size < (parts.consumers?.length ?? 0)) throw new Error(`${contract.name} consumes one topic twice`);
  const receive = async (envelope: Envelope) => {
    const consumer = consumers.get(envelope.topic);
    if (!consumer) return;
    const wrong = check(consumer.event.payload, envelope.payload);
    if (wrong)
      throw new Error(`${envelope.topic} ${envelope.id} is not what its contract says: ${JSON.stringify(wrong)}`);
    await inbox.receive(ctx.db, contract.name, envelope, (tx) => consumer.handle(envelope as never, tx, ctx));
  };
  return { topics: [...consumers.keys()], receive };
}
