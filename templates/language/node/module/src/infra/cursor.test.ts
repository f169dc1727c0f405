import { expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';

const position = { createdAt: new Date('2026-01-05T09:00:00.123Z'), id: '018f3f5e-0000-7000-8000-000000000001' };

it('comes back as it went', () => {
  expect(decodeCursor(encodeCursor(position))).toEqual(position);
});

it.each(['', 'abc', Buffer.from('yesterday 1').toString('base64url')])('refuses %j', (cursor) => {
  expect(decodeCursor(cursor)).toBeUndefined();
});
