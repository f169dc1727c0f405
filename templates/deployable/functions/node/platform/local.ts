import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { urlVariable } from '../config.ts';
import { bytesOf, gateway } from './gateway.ts';
import type { HttpEvent, HttpResult } from './http.ts';
import type { QueueEvent, QueueResult } from './events.ts';

/** A bundled deployable of kind functions. */
export interface FunctionSet {
  readonly name: string;
  readonly modules: readonly string[];
  readonly bundle: URL;
}
interface Options {
  readonly sets: readonly FunctionSet[];
  readonly port: number;
  readonly env: NodeJS.ProcessEnv;
}
export interface LocalCloud {
  readonly url: string;
  stop(): Promise<void>;
}
type Invoke = (handler: string, event: unknown) => Promise<unknown>;

const host = '127.0.0.1';
/** Deliveries of a message before it is given up, and the pause between them. */
const [deliveries, pauseMs] = [5, 200];

/**
 * Runs bundled functions on this machine with what they have around them in the cloud, in small: API Gateway, function
 * URLs, one topic with a queue for each module, and the queues that wake. Each set has a thread and an environment of its
 * own, and talks to "AWS" with its real clients. Nothing is kept, and nobody is charged.
 */
export async function startLocal({ sets, port, env }: Options): Promise<LocalCloud> {
  const workers: Worker[] = [];
  const running = new Map<string, Invoke>();
  const cloud = aws((set) => running.get(set), sets);
  const endpoint = await cloud.listen(0);
  const internal = gateway((event) => {
    const [, set = ''] = event.rawPath.split('/', 2);
    return http(running.get(set), 'internal', { ...event, rawPath: event.rawPath.slice(set.length + 1) });
  });
  const internalUrl = await internal.listen(0, host);
  const settings = {
    ...env,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'local-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    BUS_URL: 'sns://arn:aws:sns:local-1:000000000000:local.fifo',
    ...Object.fromEntries(
      sets.flatMap(({ name, modules }) => modules.map((module) => [urlVariable(module), `${internalUrl}/${name}`])),
    ),
  };
  for (const { name, bundle } of sets) {
    const worker = new Worker(new URL('./local-worker.ts', import.meta.url), {
      workerData: bundle.href,
      env: { ...settings, WORK_QUEUE_URL: `${endpoint}/000000000000/${name}` },
    });
    workers.push(worker);
    running.set(name, await invoker(worker));
  }
  // The schedule of each set.
  const schedule = setInterval(() => {
    for (const [name, invoke] of running)
      invoke('work', {}).catch((error: Error) => process.stderr.write(`${name}: ${error.message}\n`));
  }, 60_000);
  const [first] = sets;
  const clients = gateway((event) => {
    const [, module = ''] = event.rawPath.split('/', 2);
    const owner = sets.find(({ modules }) => modules.includes(module)) ?? first;
    return http(running.get(owner?.name ?? ''), 'http', event);
  });
  const url = await clients.listen(port, host);
  return {
    url,
    async stop() {
      clearInterval(schedule);
      await Promise.all([clients.close(), internal.close(), cloud.close()]);
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function http(invoke: Invoke | undefined, handler: string, event: HttpEvent): Promise<HttpResult> {
  if (!invoke) throw new Error(`No functions answer ${event.rawPath}`);
  return invoke(handler, event) as Promise<HttpResult>;
}

/** Resolves when the worker has loaded its bundle. */
async function invoker(worker: Worker): Promise<Invoke> {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const { promise: loaded, resolve: load, reject: refuse } = Promise.withResolvers<void>();
  worker.once('error', refuse);
  worker.on('message', ({ id, result, error }) => {
    if (id === 0) return load();
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error));
  });
  await loaded;
  let last = 0;
  return (handler, event) =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject });
      worker.postMessage({ id: last, handler, event });
    });
}

/** What SNS and SQS do for the functions: a message published goes to every module, one sent to a set's queue wakes it. */
function aws(of: (set: string) => Invoke | undefined, sets: readonly FunctionSet[]) {
  const stopping = new AbortController();
  const last = new Map<string, Promise<void>>();

  /** Messages of one key one after the other. */
  function deliver(set: string, module: string, key: string, body: string, messageId: string): void {
    const lane = `${module} ${key}`;
    const own = (last.get(lane) ?? Promise.resolve()).then(() => attempt(set, module, body, messageId));
    last.set(lane, own);
    own.finally(() => last.get(lane) === own && last.delete(lane));
  }
  async function attempt(set: string, module: string, body: string, messageId: string): Promise<void> {
    for (let count = 1; count <= deliveries && !stopping.signal.aborted; count++) {
      const eventSourceARN = `arn:aws:sqs:local-1:000000000000:local_${module}.fifo`;
      const attributes = { ApproximateReceiveCount: String(count) };
      const event: QueueEvent = { Records: [{ messageId, body, eventSourceARN, attributes }] };
      const result = (await of(set)?.('events', event).catch(() => undefined)) as QueueResult | undefined;
      if (result?.batchItemFailures.length === 0) return;
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
    process.stderr.write(`Given up for ${module}: ${body}\n`);
  }
  const server = createServer(async (request, response) => {
    const text = (await bytesOf(request)).toString();
    const target = request.headers['x-amz-target'];
    if (target === 'AmazonSQS.SendMessage') {
      const { QueueUrl, MessageBody } = JSON.parse(text) as { QueueUrl: string; MessageBody: string };
      const set = QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1);
      of(set)?.('work', {}).catch((error: Error) => process.stderr.write(`${set}: ${error.message}\n`));
      const sent = { MessageId: '1', MD5OfMessageBody: hash('md5', MessageBody) };
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(sent));
      return;
    }
    const form = new URLSearchParams(text);
    const [message, key, id] = ['Message', 'MessageGroupId', 'MessageDeduplicationId'].map((name) => form.get(name));
    if (form.get('Action') !== 'Publish' || !message) {
      response.writeHead(400).end();
      return;
    }
    for (const { name, modules } of sets)
      for (const module of modules) deliver(name, module, key ?? '', message, id ?? '');
    response.writeHead(200, { 'content-type': 'text/xml' }).end(published);
  });
  return {
    async listen(port: number): Promise<string> {
      await new Promise<void>((resolve) => server.listen(port, host, resolve));
      return `http://${host}:${(server.address() as { port: number }).port}`;
    },
    async close() {
      stopping.abort();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all(last.values());
    },
  };
}
const published =
  '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>';
