import { hash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isBuiltin, registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rules } from '../../../rules/catalogue.gen.ts';
import { recognisers } from '../../extract/catalogue.gen.ts';
import { addressOf, home } from '../../home.ts';
import { type Added, checkAdded, messageOf } from '../../lint/added.ts';
import { KnownError } from '../../model/known-error.ts';

export interface AddedFile {
  readonly added: Added;
  /** Of everything that it was made from; absent where that cannot be known, or nothing is added. */
  readonly identity?: string;
  /** Why it cannot be known. */
  readonly unknowable?: string;
}

/**
 * Runs a file for the `rules` and `recognisers` that it exports. It and what it imports get this program's own
 * `scalable-backend`. Throws a `KnownError` for a file that cannot be run, or exports something else.
 */
export async function addedFrom(file: string): Promise<AddedFile> {
  const path = resolve(file);
  const refuse = (message: string, next: string, cause?: unknown): never => {
    throw new KnownError(message, { next, place: { file }, cause });
  };
  if (!existsSync(path) || !statSync(path).isFile())
    refuse(
      '--rules: there is no such file.',
      'Name a file of JavaScript or TypeScript, relative to the current folder.',
    );
  const address = pathToFileURL(realpathSync(path)).href;
  const watch = watchLoading(address);
  const exported: Partial<Added> = await import(address)
    .catch((error: unknown) =>
      refuse(`--rules: it cannot be run: ${messageOf(error)}`, 'Correct it, and run again.', error),
    )
    .finally(watch.stop);
  if (exported.rules === undefined && exported.recognisers === undefined)
    refuse('--rules: it exports neither `rules` nor `recognisers`.', 'Write: export const rules = [...];');
  const given = { rules: exported.rules ?? [], recognisers: exported.recognisers ?? {} };
  const added = checkAdded(given, { rules, recognisers, languages: Object.keys(recognisers) }, file);
  const reason = added.rules.find(({ fresh }) => fresh) ? 'a rule of it is always fresh' : watch.unknowable();
  return reason === undefined ? { added, identity: watch.identity() } : { added, unknowable: reason };
}

const isOurs = (url: string): boolean => ['src/', 'rules/'].some((folder) => url.startsWith(home.href + folder));

/** Everything that Node.js loads from now on for a file, by content. */
function watchLoading(entry: string) {
  const loaded = new Map<string, Uint8Array>();
  const wanted = new Set<string>([entry]);
  const builtins = new Set<string>();
  const api = addressOf('src/api');
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      // Packages that this program loads are none of theirs, wherever they are installed.
      const theirs = context.parentURL !== undefined && wanted.has(context.parentURL);
      if (theirs && specifier === 'scalable-backend') return { url: api, shortCircuit: true };
      const found = next(specifier, context);
      if (theirs && isBuiltin(specifier)) builtins.add(specifier.replace(/^node:/, ''));
      else if (theirs && !isOurs(found.url)) wanted.add(found.url);
      return found;
    },
    load(url, context, next) {
      if (wanted.has(url) && url.startsWith('file:')) loaded.set(url, readFileSync(fileURLToPath(url)));
      return next(url, context);
    },
  });
  return {
    stop: () => hooks.deregister(),
    identity: () =>
      hash(
        'sha1',
        [...loaded]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .flatMap(([url, bytes]) => [url, hash('sha1', bytes)])
          .join('\0'),
      ),
    /** Why what was loaded may say something else another time, with the same content; undefined: it will not. */
    unknowable(): string | undefined {
      const [impure] = [...builtins].filter((name) => !pure.has(name));
      if (impure !== undefined) return `node:${impure}`;
      for (const url of wanted) {
        const bytes = loaded.get(url);
        if (!bytes) return `${url} was loaded before`;
        const [word] = outside.exec(Buffer.from(bytes).toString('utf8')) ?? [];
        if (word !== undefined) return `'${word}' in ${fileURLToPath(url).split(/[\\/]/).at(-1)}`;
      }
      return undefined;
    },
  };
}
/** Modules of Node.js that answer alike whenever they are asked. */
const pure: ReadonlySet<string> = new Set([
  'assert',
  'assert/strict',
  'path',
  'path/posix',
  'path/win32',
  'url',
  'util',
  'querystring',
  'punycode',
  'string_decoder',
]);
/** Words by which a program asks for something that is in no file that was loaded, comments included. */
const outside = /\b(?:process|globalThis|Date|random|fetch|eval|Function|performance|crypto|require)\b|\bimport\s*\(/;
