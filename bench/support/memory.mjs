// Preloaded into measured programs: each process adds its peak resident memory (KiB) as a line.
import { appendFileSync } from 'node:fs';

process.on('exit', () => {
  if (process.env.BENCH_MEMORY_FILE)
    appendFileSync(process.env.BENCH_MEMORY_FILE, `${process.resourceUsage().maxRSS}\n`);
});
