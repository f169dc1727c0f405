/** A place in a list that is ordered by creation time and id. */
export interface Position {
  readonly createdAt: Date;
  readonly id: string;
}

/** Opaque to clients, so that the order can change without breaking them. */
export const encodeCursor = ({ createdAt, id }: Position): string =>
  Buffer.from(`${createdAt.toISOString()} ${id}`).toString('base64url');

/** Undefined when `cursor` was not made by `encodeCursor`. */
export function decodeCursor(cursor: string): Position | undefined {
  const [, time, id] = /^(\S+) ([\da-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const createdAt = new Date(time ?? '');
  return id && !Number.isNaN(createdAt.getTime()) ? { createdAt, id } : undefined;
}
