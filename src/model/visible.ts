const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * Text of a repository (names, code) for a terminal or a log: characters that move the cursor, colour, break lines or turn
 * the direction of writing are shown as escapes, as are halves of a surrogate pair.
 */
export const visible = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
  text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/gu, (character) =>
    character === '\n' ? '\\n' : escaped(character),
  );

/** The same for a text with lines of its own. */
export const visibleLines = (text: string): string => text.split('\n').map(visible).join('\n');

/** A value as JSON, whose escapes are the same value to a program. */
export const visibleJson = (value: unknown): string => `${visibleLines(JSON.stringify(value, null, 2))}\n`;

/** Lines that a pipeline would take for a command to itself (`::error::`, `##[set-env]`) are no longer one. */
export const withoutCommands = (text: string): string =>
  text.replace(/^([ \t]*)(?=::)/gm, '$1\\').replaceAll('##[', '#\\#[');
