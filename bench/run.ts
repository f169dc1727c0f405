/**
 * `npm run bench [-- <id>…]`: runs `bench/<id>.bench.ts`, prints each number beside its budget, and keeps the dated
 * result in `bench/results/`. Exits 1 when a budget is exceeded.
 */
import { globSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Bench, type Row, within } from './bench.ts';

const folder = import.meta.dirname;
const all = globSync('*.bench.ts', { cwd: folder })
  .map((file) => basename(file, '.bench.ts'))
  .sort();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((id) => !all.includes(id));
if (unknown.length > 0) {
  console.error(`No bench called ${unknown.join(', ')}; there are: ${all.join(', ')}`);
  process.exit(2);
}

let exceeded = 0;
for (const id of wanted.length > 0 ? wanted : all) {
  const { bench } = (await import(pathToFileURL(join(folder, `${id}.bench.ts`)).href)) as { bench: Bench };
  const missing = bench.missing?.();
  if (missing) {
    console.log(`\n${bench.title}\n  skipped: ${missing}`);
    continue;
  }
  console.log(`\n${bench.title}`);
  const rows = await bench.run();
  for (const row of rows) console.log(`  ${line(row)}`);
  exceeded += rows.filter((row) => !within(row)).length;
  await keep(id, bench, rows);
}
process.exitCode = exceeded > 0 ? 1 : 0;

function line(row: Row) {
  const number = (value: number) => Number(value.toPrecision(3)).toLocaleString('en');
  const spread = row.spread ? ` (${row.spread.map(number).join('–')})` : '';
  const limit = row.limit === undefined ? '' : `  ${within(row) ? 'within' : 'BEYOND'} ${number(row.limit)}`;
  return `${row.name}: ${number(row.value)} ${row.unit}${spread}${limit}`;
}

async function keep(id: string, { title }: Bench, rows: readonly Row[]) {
  const date = new Date().toISOString().slice(0, 10);
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, platform: `${process.platform}-${process.arch}` };
  await mkdir(join(folder, 'results'), { recursive: true });
  const result = { id, title, date, node: process.version, machine, rows };
  await writeFile(join(folder, 'results', `${date}-${id}.json`), `${JSON.stringify(result, null, 2)}\n`);
}
