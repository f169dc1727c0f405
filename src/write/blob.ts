import { createHash } from 'node:crypto';

/** Text with LF line ends; bytes with a NUL are no text and stay as they are. */
export function normalised(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content as Uint8Array);
  if (!bytes.includes('\r\n') || bytes.includes(0)) return bytes;
  return Buffer.from(bytes.toString('utf8').replaceAll('\r\n', '\n'));
}

/** The id that git gives this content: SHA-1 of `blob <length>\0<bytes>`, of the LF text. */
export function blobId(content: string | Uint8Array): string {
  const bytes = normalised(content);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
