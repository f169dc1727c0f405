import type { Material } from './corpus.ts';

/** Numbers that say what is done to one file; what they mean is up to each mutation. */
export interface Edit {
  readonly file: number;
  readonly how: number;
  /** Where, in thousandths of the file. */
  readonly at: number;
  readonly length: number;
  readonly times: number;
  readonly which: number;
}
type Mutate = (bytes: Buffer, edit: Edit, other: Buffer) => Buffer;

const pick = <T>(list: readonly T[], i: number): T => list[i % list.length]!;
const placeOf = (bytes: Buffer, at: number): number => Math.floor((bytes.length * at) / 1000);
const spliced = (bytes: Buffer, at: number, removed: number, added: Buffer | string): Buffer =>
  Buffer.concat([bytes.subarray(0, at), Buffer.from(added), bytes.subarray(Math.min(bytes.length, at + removed))]);

const names = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'default', 'then', 'length'],
  ...[
    'services',
    'modules',
    'lint',
    'import',
    'require',
    'exports',
    'extends',
    'paths',
    'build',
    'environment',
    'name',
  ],
];
const tokens = [
  ...[
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    '<',
    '>',
    '"',
    "'",
    '`',
    '${',
    '}}',
    '/*',
    '*/',
    '//',
    '#',
    '\\',
    '\n',
    '\t',
    ':',
    ',',
  ],
  ...[
    '- ',
    '? ',
    '| ',
    '&a ',
    '*a ',
    '<<: *a',
    '!Ref ',
    '!!binary ',
    '%YAML 1.1\n',
    '---\n',
    '...\n',
    '=>',
    '?.',
    '!',
    ';',
  ],
  ...[
    '@',
    'import ',
    'export ',
    'await ',
    'async ',
    'function ',
    'class ',
    'new ',
    'return ',
    '...',
    'null',
    'true',
    '0',
  ],
  ...[
    'def ',
    'lambda ',
    'f"{',
    '"""',
    'FROM ',
    'COPY <<',
    'ONBUILD ',
    '${A:-${B:-c}}',
    '${{ ',
    '../',
    '/',
    '//',
    '*',
    '**',
  ],
];
const oddities = [
  ...[
    '\u0000',
    '\u0001',
    '\u001b[31m',
    '\u007f',
    '\u0085',
    '\u00a0',
    '\u2028',
    '\u202e',
    '\ufeff',
    '\ufffe',
    '\u{10ffff}',
  ],
  ...['😀', 'é', 'e\u0301', '\r', '\r\n', '\u3000', '\u200b', 'ſ', 'İ', 'ß', '\v', '\f'],
];
/** A half of a surrogate pair, an overlong slash, a sequence without its end, bytes that are never UTF-8. */
const broken = [[0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xe2, 0x82], [0xff], [0xfe, 0xff], [0xf4, 0x90, 0x80, 0x80], [0x80]];
const values = [
  ...[
    'null',
    '[]',
    '{}',
    '[[]]',
    '[null]',
    '0',
    '-1',
    '1e999',
    '9007199254740993',
    'true',
    '""',
    '"x"',
    '~',
    '.nan',
    '!!null',
  ],
  ...[
    '"/"',
    '"."',
    '".."',
    '"../.."',
    '"*"',
    '"**"',
    '"\\ud800"',
    '"[a-"',
    '"{a,"',
    '"(?<"',
    '2027-01-01',
    '{ "a": { "b": [] } }',
  ],
];
const pairs = ['()', '[]', '{}', '<>', '``', '""', "''"];

const mutations: readonly Mutate[] = [
  (bytes, { at, length }) => spliced(bytes, placeOf(bytes, at), length, ''),
  (bytes, { at, which }) => spliced(bytes, placeOf(bytes, at), 0, pick(tokens, which)),
  (bytes, { at, which }) => spliced(bytes, placeOf(bytes, at), 1, pick(tokens, which)),
  (bytes, { at, which }) => spliced(bytes, placeOf(bytes, at), 0, pick(oddities, which)),
  (bytes, { at, which }) => spliced(bytes, placeOf(bytes, at), 0, Buffer.from(pick(broken, which))),
  (bytes, { at, which }) => spliced(bytes, placeOf(bytes, at), 1, Buffer.from([which % 256])),
  // The same piece again and again.
  (bytes, { at, length, times }) => {
    const start = placeOf(bytes, at);
    const piece = bytes.subarray(start, start + length);
    return spliced(bytes, start, 0, Buffer.concat(Array.from({ length: times }, () => piece)));
  },
  // Something of another file in the middle of this one, or its end behind this one's start.
  (bytes, { at, length, which }, other) => {
    const start = placeOf(other, which);
    return spliced(bytes, placeOf(bytes, at), 0, other.subarray(start, start + length * 4));
  },
  (bytes, { at, which }, other) =>
    Buffer.concat([bytes.subarray(0, placeOf(bytes, at)), other.subarray(placeOf(other, which))]),
  (bytes, { at }) => bytes.subarray(0, placeOf(bytes, at)),
  // A piece inside of many pairs, with or without their ends.
  (bytes, { at, length, times, which }) => {
    const start = placeOf(bytes, at);
    const [open, close] = pick(pairs, which) as unknown as [string, string];
    const end = which % 3 === 0 ? '' : close.repeat(times);
    return spliced(bytes, start, length, `${open.repeat(times)}${bytes.subarray(start, start + length)}${end}`);
  },
  (bytes, { times, which }) => {
    const [open, close] = pick(['[]', '{}', '()', '- '], which) as unknown as [string, string];
    return Buffer.from(`${open.repeat(times)}${bytes}${close.repeat(times)}`);
  },
  (bytes) => Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'),
  (bytes) => Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r'), 'latin1'),
  (bytes) => Buffer.concat([Buffer.from('\ufeff'), bytes]),
  (bytes) => Buffer.from(`\ufeff${bytes}`, 'utf16le'),
  // One name in the place of another, everywhere or once.
  (bytes, { at, which, times }) => {
    const words = [...bytes.toString('latin1').matchAll(/[A-Za-z_][\w-]{2,}/g)];
    const word = words[Math.floor((words.length * at) / 1000)];
    if (!word) return bytes;
    const name = pick([...names, ...words.slice(0, 20).map(([each]) => each)], which);
    if (times % 2 === 0) return spliced(bytes, word.index, word[0].length, name);
    return Buffer.from(bytes.toString('latin1').replaceAll(word[0], name), 'latin1');
  },
  // Another kind of value behind a colon, an equals sign or a comma.
  (bytes, { at, which }) => {
    const found = [...bytes.toString('latin1').matchAll(/(?<=[:=,]\s*)[^\s:=,{}[\]]+/g)];
    const value = found[Math.floor((found.length * at) / 1000)];
    return value ? spliced(bytes, value.index, value[0].length, pick(values, which)) : bytes;
  },
  // Something odd inside of a string.
  (bytes, { at, which }) => {
    const found = [...bytes.toString('latin1').matchAll(/(?<=["'`])[^"'`\n]+(?=["'`])/g)];
    const text = found[Math.floor((found.length * at) / 1000)];
    const word = pick([...names, ...oddities, '..', '/', '*', '\\ud800', '${', '\\', ' '], which);
    return text ? spliced(bytes, text.index, text[0].length, word) : bytes;
  },
  // Lines twice, in another order, deeper.
  (bytes, { at, length, times, which }) => {
    const lines = bytes.toString('latin1').split('\n');
    const start = Math.floor((lines.length * at) / 1000);
    const some = lines.splice(start, (length % 5) + 1);
    const shifted = some.map((line) => (which % 2 === 0 ? `${' '.repeat(times % 9)}${line}` : line.trimStart()));
    const copies = Array.from({ length: (times % 3) + 1 }, () => (which % 5 === 0 ? shifted.toReversed() : shifted));
    lines.splice(start, 0, ...copies.flat());
    return Buffer.from(lines.join('\n'), 'latin1');
  },
];

/** A file may grow, but not so far that reading it takes more than a few milliseconds. */
const LARGEST = 40_000;

export function mutated(files: readonly Material[], edits: readonly Edit[]): Material[] {
  const result = [...files];
  for (const edit of edits) {
    const at = edit.file % result.length;
    const { path, bytes } = result[at]!;
    const other = pick(result, edit.file + edit.which).bytes;
    result[at] = { path, bytes: pick(mutations, edit.how)(bytes, edit, other).subarray(0, LARGEST) };
  }
  return result;
}
export const HOW_MANY = mutations.length;
