import type { Fact, Path, Value } from '../../model/facts.ts';
import type { Confidence, Evidence, NodeId, Relation } from '../../model/system.ts';
import type { DeployableInfo } from '../discover/inventory.ts';
import type { Evaluator, Setting } from '../link/values.ts';
import { actorOf, type ModuleContext } from './modules.ts';
import { type Address, addressOf, engineOf } from './stores.ts';

export interface DeploymentContext extends ModuleContext {
  readonly evaluator: Evaluator;
  facts<K extends Fact['kind']>(kind: K): readonly { readonly fact: Fact<K>; readonly path: Path }[];
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

/** Backing services: processes made from an image, not from this repository's code. CI's own services do not run the system. */
function resources({ graph, inventory }: DeploymentContext): void {
  for (const { fact, path } of inventory.processes) {
    if (isPipeline(path) || fact.build !== undefined || fact.image === undefined) continue;
    if (inventory.deployables.some(({ processes }) => processes.includes(fact.name))) continue;
    const engine = engineOf(fact.image)?.engine;
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
  if (!variable || !/(?:DATABASE|MONGO|POSTGRES|PG|MYSQL|DB)_?(?:URL|URI|DSN|CONNECTION(?:_STRING)?)$/.test(name)) return undefined;
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
  const { evaluator, deployableOf, isProduction } = context;
  const users = reachers(imports, context);
  for (const { fact, path } of context.facts('connection')) {
    const kind = engineOf(fact.engine);
    if (!isProduction(path) || (kind && !kind.store)) continue;
    const own = deployableOf(path);
    for (const deployable of own ? [own] : (users.get(path) ?? [])) {
      const seen = own ? path : anchorOf(deployable, context);
      const { value: text, confidence, via } = evaluator.text(fact.url, seen ?? path);
      const address = text === undefined ? undefined : addressOf(text);
      const variable = address ? undefined : /^\$\{(\w+)\}$/.exec(text ?? '')?.[1];
      const from: NodeId = `deployable:${deployable.name}`;
      const evidence = [{ path, span: fact.span }, ...via];
      if (address) accesses(context, from, address.id, address.engine, evidence, confidence);
      else if (variable && via.length === 0 && !hasStore(context, from)) {
        // Nothing says where it leads: it is this deployable's own until deployment says otherwise.
        accesses(context, from, `${variable} of ${deployable.name}`, kind?.engine ?? fact.engine, evidence, 'possible');
      }
    }
  }
}
const hasStore = ({ graph }: DeploymentContext, from: NodeId): boolean =>
  graph.relations().accesses.some((edge) => edge.from === from);

/** A file of the deployable, from which its settings are seen. */
const anchorOf = (deployable: DeployableInfo, { files }: DeploymentContext): Path | undefined =>
  [...files.keys()].find((path) => path.startsWith(`${deployable.path}/`));

/** Deployables by the shared files that their own files reach through imports. */
function reachers(imports: readonly Relation[], { files, deployableOf, inventory }: DeploymentContext): ReadonlyMap<Path, readonly DeployableInfo[]> {
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
      const { value: name, confidence } = from ? context.topic(fact.topic, path) : { value: undefined, confidence: 'possible' as const };
      if (!from || name === undefined) continue;
      const relation = kind === 'publish' ? 'publishes' : 'consumes';
      graph.relate(relation, from, graph.add('topic', name, ['production']), [{ path, span: fact.span }], confidence, { async: true });
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
