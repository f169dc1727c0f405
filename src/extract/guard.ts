/**
 * Why a text may keep a parser busy or overflow it, by one linear scan of its bytes; undefined for what people write.
 * Measured: 60,000 `\` at ends of lines take tree-sitter's Python 25 s, one comment of 60,000 characters takes the
 * Dockerfile parser 6 s, and both grow with the square. A false alarm only costs a child process.
 */
export function unusual(bytes: Uint8Array): string | undefined {
  if (bytes.length > SIZE) return `more than ${SIZE} bytes`;
  let depth = 0;
  let line = 0;
  let continued = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    line = byte === 10 ? 0 : line + 1;
    if (line > LINE) return `a line of more than ${LINE} bytes`;
    if (byte === 92 && ++continued > BACKSLASHES) return `more than ${BACKSLASHES} backslashes`;
    if (byte === 40 || byte === 91 || byte === 123) {
      if (++depth > NESTING) return `nested deeper than ${NESTING}`;
    } else if ((byte === 41 || byte === 93 || byte === 125) && depth > 0) depth--;
  }
  return undefined;
}

const SIZE = 200_000;
const LINE = 5000;
const BACKSLASHES = 1000;
const NESTING = 200;
