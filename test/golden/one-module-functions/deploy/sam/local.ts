// Printed from architecture.yaml: runs the bundled functions on this machine. Do not edit.
import { existsSync } from 'node:fs';
import { startLocal } from '@shop/platform/functions/local';

const bundle = (path: string) => new URL(`../../${path}/dist/functions.mjs`, import.meta.url);
const sets = [{ name: 'catalog', modules: ['catalog'], bundle: bundle('deployables/catalog') }];

if (existsSync('.env')) process.loadEnvFile('.env');
const { url, stop } = await startLocal({ sets, port: Number(process.env.PORT ?? 3000), env: process.env });
process.stdout.write(`${url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop().then(() => process.exit(0)));
