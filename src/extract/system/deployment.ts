import type { Fact, Path, Value } from '../../model/facts.ts';
import type { Confidence, Evidence, NodeId, Relation } from '../../model/system.ts';
import { backingImage, type DeployableInfo } from '../discover/inventory.ts';
import type { Caller } from '../link/callers.ts';
import type { Evaluator, Setting } from '../link/values.ts';
import { actorOf, type ModuleContext } from './modules.ts';
import { type Address, addressOf, engineOf } from './stores.ts';

export interface DeploymentContext extends ModuleContext {
  readonly evaluator: Evaluator;
  /** Who calls a function: what its parameters stand for. */
  callers(path: Path, fn: number): readonly Caller[];
  isProduction(path: Path): boolean;
  /** What deployment sets variables to for a deployable. */
  settings(deployable: DeployableInfo): ReadonlyMap<string, Setting>;
  topic(value: Value, path: Path): { readonly value: string | undefined; readonly confidence: Confidence };
}

/** What runs, and what it talks to: resources, datastores, topics, other deployables. */
export function deploymentRelations(context: DeploymentContext, imports: readonly Relation[]): void {
  resources(context);
  settingsLeadTo(context);
  connections(context, imports);
  topics(context);
  calls(context);
}

/** Backing services: processes made from an image, at most with data of this repository added. CI's own services do not run the system. */
function resources({ graph, inventory, files }: DeploymentContext): void {
  for (const { fact, path } of inventory.processes) {
    const image = backingImage(fact, files) ?? (fact.build === undefined ? fact.image : undefined);
    if (isPipeline(path) || image === undefined) continue;
    if (inventory.deployables.some(({ processes }) => processes.includes(fact.name))) continue;
    const engine = engineOf(image)?.engine;
    graph.add('resource', fact.name, engine ? ['production', engine] : ['production']);
  }
  for (const { fact, path } of inventory.processes) {
    const deployable = inventory.deployables.find(({ processes }) => processes.includes(fact.name));
    if (!deployable || isPipeline(path)) continue;
    for (const name of fact.dependsOn) {
      const other = inventory.deployables.find(({ processes }) => processes.includes(name));
      const to: NodeId = other ? `deployable:${other.name}` : `resource:${name}`;
      if (other?.name === deployable.name || !graph.has(to)) continue;
      graph.relate('depends-on', `deployable:${deployable.name}`, to, [{ path, span: fact.span }]);
    }
  }
}
const isPipeline = (path: Path): boolean => /^\.(?:github|gitlab|circleci)|(?:^|\/)\.gitlab-ci/.test(path);

/** Settings that hold an address: what deployment points a deployable at, it uses. */
function settingsLeadTo(context: DeploymentContext): void {
  const { graph, inventory, evaluator } = context;
  for (const deployable of inventory.deployables) {
    for (const [name, { value, evidence }] of context.settings(deployable)) {
      const { value: text } = evaluator.text(value, evidence.path);
      const address = text === undefined ? undefined : (addressOf(text) ?? named(name, text));
      if (!address) continue;
      const from: NodeId = `deployable:${deployable.name}`;
      const via = [{ ...evidence, note: `${name} of ${deployable.name}` }];
      if (graph.has(`resource:${address.host}`)) graph.relate('depends-on', from, `resource:${address.host}`, via);
      if (address.store) accesses(context, from, address.id, address.engine, via, 'likely');
    }
  }
}
/** `DATABASE_URL: ${DATABASE_URL}` hands on what is not known here; the same name in two services is likely the same value. */
function named(name: string, text: string): Address | undefined {
  const variable = /^\$\{([A-Z0-9_]+)\}$/.exec(text)?.[1];
  if (!variable || !/(?:DATABASE|MONGO|POSTGRES|PG|MYSQL|DB)_?(?:URL|URI|DSN|CONNECTION(?:_STRING)?)$/.test(name))
    return undefined;
  return { engine: 'sql', store: true, host: '', id: text };
}

function accesses(
  { graph }: DeploymentContext,
  from: NodeId,
  id: string,
  engine: string,
  via: readonly Evidence[],
  confidence: Confidence,
): void {
  graph.relate('accesses', from, graph.add('datastore', id, [engine]), via, confidence);
}

/** Connections opened in code, for every deployable that runs that code: its own file, or one that it imports. */
function connections(context: DeploymentContext, imports: readonly Relation[]): void {
  const { isProduction, deployableOf } = context;
  let users: ReturnType<typeof reachers> | undefined;
  for (const opened of databasesChosen(context.facts('connection'))) {
    const kind = engineOf(opened.engine);
    if (!isProduction(opened.path) || (kind && !kind.store)) continue;
    for (const { url, path, span } of urlsOf(opened, context)) {
      const own = deployableOf(path);
      users ??= reachers(imports, context);
      for (const deployable of own ? [own] : (users.get(path) ?? [])) {
        const seen = own ? path : (anchorOf(deployable, context) ?? path);
        connect({ ...opened, url, path, span }, deployable, seen, context);
      }
    }
  }
}

interface Opened {
  readonly engine: string;
  readonly url: Value;
  readonly database: Value | undefined;
  readonly span: Evidence['span'];
  readonly path: Path;
}

/** `client.db('orders')` says which database of `client`'s server it is; the connection itself then names none. */
function databasesChosen(facts: ReturnType<DeploymentContext['facts']>): readonly Opened[] {
  const found: Opened[] = [];
  for (const [, inFile] of Map.groupBy(
    facts as readonly { fact: Fact<'connection'>; path: Path }[],
    ({ path }) => path,
  )) {
    const isChoice = ({ url, database }: Fact<'connection'>) => url.k === 'unknown' && database !== undefined;
    const servers = inFile.filter(({ fact }) => !isChoice(fact));
    const named = new Set<Fact<'connection'>>();
    for (const { fact, path } of inFile.filter((each) => isChoice(each.fact))) {
      const same = servers.find((server) => server.fact.client?.path.join() === fact.client?.path.join());
      const server = same ?? (servers.length === 1 ? servers[0] : undefined);
      if (!server) continue;
      named.add(server.fact);
      found.push({ ...fact, url: server.fact.url, database: fact.database, path });
    }
    for (const { fact, path } of servers) if (!named.has(fact)) found.push({ ...fact, database: fact.database, path });
  }
  return found;
}

/** A URL that is handed in is what the callers hand in: it is opened where they are. */
function urlsOf(
  { url, path, span }: Opened,
  { callers }: DeploymentContext,
): readonly Pick<Opened, 'url' | 'path' | 'span'>[] {
  if (url.k !== 'param') return [{ url, path, span }];
  return callers(path, url.fn).flatMap((caller) => {
    const given = caller.fact.args[url.i];
    return given && given.k !== 'param' ? [{ url: given, path: caller.path, span: caller.fact.span }] : [];
  });
}

function connect(opened: Opened, deployable: DeployableInfo, seen: Path, context: DeploymentContext): void {
  const { evaluator } = context;
  const { value: text, confidence, via } = evaluator.text(opened.url, seen);
  const database = opened.database && evaluator.text(opened.database, seen).value;
  const address =
    text === undefined ? undefined : addressOf(database === undefined ? text : withDatabase(text, database));
  const variable = address ? undefined : /^\$\{(\w+)\}$/.exec(text ?? '')?.[1];
  const from: NodeId = `deployable:${deployable.name}`;
  const evidence = [{ path: opened.path, span: opened.span }, ...via];
  if (address) accesses(context, from, address.id, address.engine, evidence, confidence);
  else if (variable && via.length === 0 && !hasStore(context, from)) {
    // Nothing says where it leads: it is this deployable's own until deployment says otherwise.
    accesses(
      context,
      from,
      `${variable} of ${deployable.name}`,
      engineOf(opened.engine)?.engine ?? opened.engine,
      evidence,
      'possible',
    );
  }
}
const withDatabase = (url: string, database: string): string =>
  url.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?]*)(?:\/[^?]*)?/i, (_, server: string) => `${server}/${database}`);
const hasStore = ({ graph }: DeploymentContext, from: NodeId): boolean =>
  graph.relations().accesses.some((edge) => edge.from === from);

/** A file of the deployable, from which its settings are seen. */
const anchorOf = (deployable: DeployableInfo, { files }: DeploymentContext): Path | undefined =>
  [...files.keys()].find((path) => path.startsWith(`${deployable.path}/`));

/** Deployables by the shared files that their own files reach through imports. */
function reachers(
  imports: readonly Relation[],
  { files, deployableOf, inventory }: DeploymentContext,
): ReadonlyMap<Path, readonly DeployableInfo[]> {
  const next = new Map<Path, Path[]>();
  for (const { from, to, typeOnly } of imports) {
    if (typeOnly) continue;
    const [source, target] = [from.slice('file:'.length), to.slice('file:'.length)];
    const list = next.get(source);
    if (list) list.push(target);
    else next.set(source, [target]);
  }
  const found = new Map<Path, DeployableInfo[]>();
  for (const deployable of inventory.deployables) {
    const queue = [...files.keys()].filter((path) => deployableOf(path)?.name === deployable.name);
    const seen = new Set(queue);
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      for (const target of next.get(path) ?? []) {
        if (seen.has(target)) continue;
        seen.add(target);
        queue.push(target);
        if (!deployableOf(target)) found.set(target, [...(found.get(target) ?? []), deployable]);
      }
    }
  }
  return found;
}

function topics(context: DeploymentContext): void {
  const { graph, isProduction } = context;
  for (const kind of ['publish', 'subscribe'] as const) {
    for (const { fact, path } of context.facts(kind)) {
      const from = isProduction(path) ? actorOf(context, path) : undefined;
      const { value: name, confidence } = from
        ? context.topic(fact.topic, path)
        : { value: undefined, confidence: 'possible' as const };
      if (!from || name === undefined) continue;
      const relation = kind === 'publish' ? 'publishes' : 'consumes';
      graph.relate(relation, from, graph.add('topic', name, ['production']), [{ path, span: fact.span }], confidence, {
        async: true,
      });
    }
  }
}

/** Remote calls whose host is a deployable's process; any other host is outside of the system. */
function calls(context: DeploymentContext): void {
  const { graph, inventory, evaluator, isProduction, deployableOf } = context;
  for (const { fact, path } of context.facts('remote-call')) {
    const owner = deployableOf(path);
    const from: NodeId | undefined = owner ? `deployable:${owner.name}` : actorOf(context, path);
    if (!from || !isProduction(path)) continue;
    const { value: text, confidence, via } = evaluator.text(fact.target, path);
    const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/]*@)?([^/:?\s]+)/i.exec(text ?? '')?.[1];
    if (host === undefined || host.includes('$')) continue;
    const target = inventory.deployables.find(({ name, processes }) => name === host || processes.includes(host));
    const to: NodeId = target ? `deployable:${target.name}` : graph.add('external', host, []);
    if (to !== from) graph.relate('calls', from, to, [{ path, span: fact.span }, ...via], confidence, { async: false });
  }
}
