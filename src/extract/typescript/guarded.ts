import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FileFacts, Path } from '../../model/facts.ts';
import type { Recogniser, Source } from '../language.ts';
import { textOf } from '../workspace/text.ts';
import { extractText } from './extract.ts';
import { suspicious } from './guard.ts';
import { bestEngine } from './parse.ts';

const self = fileURLToPath(import.meta.url);
const LIMIT_MS = 2000;

/**
 * Extracts one file. A text that might bring the parser down is read in a child process with a time limit: if that dies,
 * the file is a gap and every other file is still read.
 */
export function extractGuarded({ path, bytes }: Source, recognisers: readonly Recogniser[], whole: boolean): FileFacts {
  const text = textOf(bytes);
  const reason = suspicious(text, bytes);
  if (reason === undefined) return extractText(path, text, recognisers, bestEngine(), whole);
  const child = spawnSync(process.execPath, ['--no-warnings', self], {
    input: JSON.stringify({ path, text, recognisers: recognisers.map(({ id }) => id), whole }),
    encoding: 'utf8',
    timeout: LIMIT_MS,
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  if (child.status === 0) return JSON.parse(child.stdout) as FileFacts;
  const how = child.error && 'code' in child.error && child.error.code === 'ETIMEDOUT' ? 'took too long' : 'failed';
  return { path, functions: [], facts: [], gaps: [{ path, why: 'too-deep', detail: `${reason}; reading it ${how}` }] };
}

if (process.argv[1] === self) {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const job = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
    path: Path;
    text: string;
    recognisers: string[];
    whole: boolean;
  };
  const { recognisers } = await import('../catalogue.gen.ts');
  const wanted = Object.values(recognisers)
    .flat()
    .filter(({ id }) => job.recognisers.includes(id));
  process.stdout.write(JSON.stringify(extractText(job.path, job.text, wanted, bestEngine(), job.whole)));
}
