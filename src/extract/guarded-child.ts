import { Worker } from 'node:worker_threads';
import { type Order, SLOW } from './guarded.ts';

/** Started by `guarded.ts`: reads the files that it is handed one after the other, and prints the facts of each in a line. */

/** Watches from a thread of its own, because a parser that hangs lets nothing else of its thread run. */
const watching = `
  const { workerData: { number, limitMs, slow } } = require('node:worker_threads');
  const { writeSync } = require('node:fs');
  const cpu = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
  let [file, since, start] = [-1, 0, 0];
  setInterval(() => {
    const now = Atomics.load(number, 0);
    if (now !== file) [file, since, start] = [now, cpu(), Date.now()];
    // Whoever waits and uses no CPU is ended as well, much later.
    if (file < 0 || (cpu() - since < limitMs && Date.now() - start < 10 * limitMs)) return;
    try { writeSync(1, slow + '\\n'); } finally { process.kill(process.pid, 'SIGKILL'); }
  }, 20);
`;

const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
const input = Buffer.concat(chunks);
const end = input.indexOf('\n');
const { limitMs, files } = JSON.parse(input.toString('utf8', 0, end)) as Order;
const [{ languages }, { recognisers }] = await Promise.all([
  import('./languages.gen.ts'),
  import('./catalogue.gen.ts'),
]);
const all = Object.values(recognisers).flat();
const number = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
new Worker(watching, { eval: true, workerData: { number, limitMs, slow: SLOW } }).unref();
for (const language of languages) if (files.some((file) => file.language === language.id)) await language.prepare?.();

let at = end + 1;
for (const [i, file] of files.entries()) {
  const bytes = new Uint8Array(input.subarray(at, at + file.bytes));
  at += file.bytes;
  const language = languages.find(({ id }) => id === file.language)!;
  const wanted = all.filter(({ id }) => file.recognisers.includes(id));
  Atomics.store(number, 0, i);
  const facts = language.extract({ path: file.path, bytes, digest: '' }, wanted, file.whole);
  Atomics.store(number, 0, -1);
  // Written before the next one is tried, which may end the process.
  await new Promise((done) => process.stdout.write(`${JSON.stringify(facts)}\n`, done));
}
