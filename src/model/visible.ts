/**
 * Text of a repository (names, code) for a terminal or a log: characters that move the cursor, colour, break lines or turn
 * the direction of writing are shown as escapes.
 */
export const visible = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
  text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, (character) =>
    character === '\n' ? '\\n' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Lines that a pipeline would take for a command to itself (`::error::`, `##[set-env]`) are no longer one. */
export const withoutCommands = (text: string): string =>
  text.replace(/^([ \t]*)(?=::)/gm, '$1\\').replaceAll('##[', '#\\#[');
