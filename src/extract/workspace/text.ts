const decoder = new TextDecoder('utf-8');
const encoder = new TextEncoder();

/** Text without a byte order mark, so that one never moves a span. */
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);
export const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? encoder.encode(content) : content;

/** Whether the start of a file looks like anything but text. */
export const isBinary = (bytes: Uint8Array): boolean => bytes.subarray(0, 8000).includes(0);
