/** A process of a group: prints the id of each event after its effect. Arguments: adapter's file, URL, group, topic, ms. */
import { setTimeout as sleep } from 'node:timers/promises';

const [file = '', metrics = '', url = '', group = '', topic = '', ms = '0'] = process.argv.slice(2);
const [adapter, { createMetrics }] = await Promise.all([import(file), import(metrics)]);
const [open] = Object.values<(url: string, context: object) => Promise<Bus>>(adapter);
interface Bus {
  subscribe(group: string, topics: string[], receive: (envelope: { id: string }) => Promise<void>): Promise<void>;
}
const log = { warn() {}, error() {}, info() {}, debug() {} };
const bus = await open?.(url, { log, metrics: createMetrics(), system: 'shop', attempts: 3 });
await bus?.subscribe(group, [topic], async ({ id }) => {
  await sleep(Number(ms));
  process.stdout.write(`${id}\n`);
});
