import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';
import { compare, type Limits, type Measured, type Row, table } from './report.ts';
import { prepare, type Request } from './scenarios.ts';
import { openTarget } from './target.ts';

interface Budget {
  readonly connections: number;
  readonly seconds: number;
  readonly scenarios: Readonly<Record<string, Limits>>;
}
const budget = JSON.parse(readFileSync(new URL('./budget.json', import.meta.url), 'utf8')) as Budget;

const target = await openTarget();
try {
  const scenarios = await prepare(target.url, target.token);
  const rows: Row[] = [];
  for (const [name, limits] of Object.entries(budget.scenarios)) {
    const requests = scenarios[name];
    if (!requests) throw new Error(`budget.json limits ${name}, which load/scenarios.ts does not have`);
    rows.push(...compare(name, await measure(requests), limits));
  }
  process.stdout.write(`${table(rows)}\n`);
  if (rows.some(({ ok }) => !ok)) process.exitCode = 1;
} finally {
  await target.stop();
}

function measure(requests: readonly Request[]): Promise<Measured> {
  const { connections, seconds } = budget;
  const headers = { authorization: `Bearer ${target.token}`, 'content-type': 'application/json' };
  const latenciesMs: number[] = [];
  return new Promise((resolve, reject) => {
    const options = { url: target.url, connections, duration: seconds, headers, requests: [...requests], timeout: 10 };
    const run = autocannon(options, (error, result) => {
      if (error) reject(error);
      else resolve({ latenciesMs, errors: result.errors + result.timeouts + refused, seconds: result.duration });
    });
    let refused = 0;
    run.on('response', (_client, status, _bytes, milliseconds) => {
      if (status >= 400) refused += 1;
      else latenciesMs.push(milliseconds);
    });
  });
}
