import { answer } from './child.ts';
import { extractByCompiler, type Job } from './run.ts';

/** Started by `run.ts`: does one job, and prints its answer. */
const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
const job = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Job;
process.stdout.write(JSON.stringify(await answer(job, extractByCompiler)));
