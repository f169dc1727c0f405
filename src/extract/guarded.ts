import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FileFacts, Path } from '../model/facts.ts';
import type { Language, Recogniser, Source } from './language.ts';

const self = fileURLToPath(import.meta.url);
const LIMIT_MS = 2000;

/**
 * Extracts one file. What might bring the parser down, or keep it busy, is read in a child process with a time limit: if
 * that dies, the file is a gap and every other file is still read.
 */
export function extractGuarded(
  language: Language,
  source: Source,
  recognisers: readonly Recogniser[],
  whole: boolean,
): FileFacts {
  const { path, bytes } = source;
  const reason = language.risk?.(bytes);
  if (reason === undefined) return language.extract(source, recognisers, whole);
  const job: Job = { language: language.id, path, recognisers: recognisers.map(({ id }) => id), whole };
  const child = spawnSync(process.execPath, ['--no-warnings', self, JSON.stringify(job)], {
    input: bytes,
    encoding: 'utf8',
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  if (child.status === 0) return JSON.parse(child.stdout) as FileFacts;
  const how = child.error && 'code' in child.error && child.error.code === 'ETIMEDOUT' ? 'took too long' : 'failed';
  return { path, functions: [], facts: [], gaps: [{ path, why: 'too-deep', detail: `${reason}; reading it ${how}` }] };
}

interface Job {
  readonly language: string;
  readonly path: Path;
  readonly recognisers: readonly string[];
  readonly whole: boolean;
}

if (process.argv[1] === self) {
  const job = JSON.parse(process.argv[2]!) as Job;
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const [{ languages }, { recognisers }] = await Promise.all([
    import('./languages.gen.ts'),
    import('./catalogue.gen.ts'),
  ]);
  const language = languages.find(({ id }) => id === job.language)!;
  await language.prepare?.();
  const wanted = Object.values(recognisers)
    .flat()
    .filter(({ id }) => job.recognisers.includes(id));
  const source = { path: job.path, bytes: new Uint8Array(Buffer.concat(chunks)), digest: '' };
  process.stdout.write(JSON.stringify(language.extract(source, wanted, job.whole)));
}
