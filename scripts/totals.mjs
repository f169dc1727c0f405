// Closing line of `.ci/run`: the totals of all suites. Argument: the folder with their reports, as `.ci/run` leaves it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const lines = (name) => {
  const file = join(folder, name);
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
};
const totals = { passed: 0, failed: 0, skipped: 0 };
const suites = lines('suites');
const broken = lines('failed');
for (const suite of suites) {
  const file = join(folder, `${suite}.json`);
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  totals.passed += report?.numPassedTests ?? 0;
  totals.skipped += (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  const failed = report?.numFailedTests ?? 0;
  // A suite that failed without a failed test did not load, or died: that is one failure too.
  totals.failed += failed === 0 && broken.includes(suite) ? 1 : failed;
}
totals.failed += broken.filter((name) => !suites.includes(name)).length;
if (broken.length > 0) console.log(`Failed: ${broken.join(', ')}`);
if (totals.skipped > 0) console.log(`${totals.skipped} skipped, each with its reason above`);
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed > 0 ? 1 : 0;
