import type { Path } from '../model/facts.ts';
import { own } from '../model/own.ts';

/** Programming languages by file extension; one that gets an extractor simply stops being unread. */
const languages: Readonly<Record<string, string>> = {
  c: 'C',
  cc: 'C++',
  clj: 'Clojure',
  cpp: 'C++',
  cs: 'C#',
  dart: 'Dart',
  erl: 'Erlang',
  ex: 'Elixir',
  exs: 'Elixir',
  fs: 'F#',
  go: 'Go',
  groovy: 'Groovy',
  hs: 'Haskell',
  kt: 'Kotlin',
  kts: 'Kotlin',
  php: 'PHP',
  rb: 'Ruby',
  rs: 'Rust',
  scala: 'Scala',
  svelte: 'Svelte',
  swift: 'Swift',
  vue: 'Vue',
};

export interface Unread {
  readonly language: string;
  readonly files: number;
}

/** Code that no extractor reads, most files first: what a run did not see must not look like what it found clean. */
export function unreadCode(paths: Iterable<Path>, read: (path: Path) => boolean): readonly Unread[] {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const language = own(languages, path.slice(path.lastIndexOf('.') + 1).toLowerCase());
    if (language && !read(path)) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return [...counts]
    .map(([language, files]) => ({ language, files }))
    .sort((a, b) => b.files - a.files || (a.language < b.language ? -1 : 1));
}
