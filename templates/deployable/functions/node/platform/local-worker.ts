import { parentPort, workerData } from 'node:worker_threads';

/** One set of functions, loaded as Lambda loads it: the bundle, in the environment of this thread. */
const handlers = await import(workerData as string);
const invocation = { getRemainingTimeInMillis: () => 120_000 };

parentPort?.on('message', async ({ id, handler, event }) => {
  try {
    parentPort?.postMessage({ id, result: await handlers[handler](event, invocation) });
  } catch (error) {
    parentPort?.postMessage({ id, error: String((error as Error).stack) });
  }
});
parentPort?.postMessage({ id: 0 });
