const decoder = new TextDecoder('utf-8');
const encoder = new TextEncoder();

/** Text without a byte order mark, so that one never moves a span. */
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);
export const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? encoder.encode(content) : content;

/** Whether the start of a file looks like anything but text. */
export function isBinary(bytes: Uint8Array): boolean {
  const end = Math.min(bytes.length, 8000);
  for (let i = 0; i < end; i++) if (bytes[i] === 0) return true;
  return false;
}
