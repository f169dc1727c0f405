import { camel } from '../../src/blueprint/names.ts';

export interface Scaffold {
  /** Names of its arguments. */
  readonly takes: readonly string[];
  /** Path relative to the repository → text. */
  files(names: readonly string[]): Readonly<Record<string, string>>;
  /** What to do next. */
  next(names: readonly string[]): string;
}

const rule: Scaffold = {
  takes: ['id'],
  files([id = '']) {
    const project = (folder: string, source: string) => ({
      [`rules/${id}/${folder}/package.json`]: `{ "name": "example", "private": true, "type": "module" }\n`,
      [`rules/${id}/${folder}/src/index.ts`]: `${source}\n`,
    });
    return {
      [`rules/${id}/rule.ts`]: `import { z } from 'zod';
import type { Rule } from '../../src/model/rule.ts';

const options = z.object({});

/** Sees …; cannot see …. */
export const ${camel(id)}: Rule<z.infer<typeof options>> = {
  id: '${id}',
  title: 'What should hold, in one line without a period',
  why: 'How the contrary stops a system from scaling.',
  fix: 'What to do about it.',
  source: 'Entry of the catalogue of anti-patterns that it is from, such as B14, or ENG with a reference',
  severity: 'warning',
  presets: ['strict'],
  reads: ['file'],
  subject: 'file',
  options,
  check() {
    return [];
  },
};
`,
      ...project('bad/example', 'export const smallest = "project that shows the anti-pattern";'),
      [`rules/${id}/bad/example/findings.txt`]:
        'The exact output. UPDATE_FINDINGS=1 writes what was found: read it before you commit.\n',
      ...project('bad/other-form', 'export const second = "form of the same anti-pattern";'),
      [`rules/${id}/bad/other-form/findings.txt`]: 'The exact output.\n',
      ...project('ok/example', 'export const same = "project, repaired";'),
      ...project('ok/look-alike', 'export const looks = "like the anti-pattern and is none";'),
    };
  },
  next: ([id = '']) => `npm test -- rules fails until rules/${id}/rule.ts finds what bad/ shows, and nothing in ok/.`,
};

const template: Scaffold = {
  takes: ['axis', 'id'],
  files: ([axis = '', id = '']) => ({
    [`templates/${axis}/${id}/template.ts`]: `import type { Template } from '../../../src/plan/template.ts';

export const ${camel(id)}: Template = {
  axis: '${axis}',
  id: '${id}',
  title: '${id}',
  why: 'one line that is shown beside the choice',
  languages: 'any',
};
`,
    [`templates/${axis}/${id}/template.test.ts`]: `import { expect, test } from 'vitest';
import { ${camel(id)} } from './template.ts';

test('states intents, brings files, or prints', () => {
  const { state, files, print } = ${camel(id)};
  expect([state, files, print].filter(Boolean)).not.toEqual([]);
});
`,
  }),
  next: ([axis = '', id = '']) => `npm test -- templates/${axis}/${id} fails until the template contributes something.`,
};

const languages: Readonly<Record<string, { extension: string; use: (library: string) => string }>> = {
  typescript: { extension: 'ts', use: (library) => `import '${library}';` },
  java: { extension: 'java', use: (library) => `import ${library.replaceAll('-', '.')}.*;` },
  python: { extension: 'py', use: (library) => `import ${library.replaceAll('-', '_')}` },
};
const recogniser: Scaffold = {
  takes: ['language', 'library'],
  files: ([language = '', library = '']) => ({
    [`src/extract/${language}/${library}.ts`]: `import type { Recogniser } from '../language.ts';

/** What the library does by default that matters to a rule. */
export const ${camel(library)}: Recogniser = {
  id: '${language}/${library}',
  version: 1,
  emits: ['remote-call'],
  when: { imports: ['${library}'] },
  on: {},
};
`,
    [`src/extract/${language}/fixtures/${library}.${languages[language]?.extension ?? language}`]: `${
      languages[language]?.use(library) ?? ''
    }\n`,
  }),
  next: ([language = '', library = '']) =>
    `npm test -- src/extract/fixtures fails until src/extract/${language}/${library}.ts sees something in its fixture.`,
};

export const scaffolds: Readonly<Record<string, Scaffold>> = { rule, template, recogniser };
