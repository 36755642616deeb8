import { Problem } from '@clawdesk/host';
import { isUUID } from 'class-validator';
import type { Place } from './inbox.store.js';

/** A place in the list, as clients hand it back. */
export const cursorOf = ({ updatedAt, id }: Place): string =>
  Buffer.from(`${updatedAt}|${id}`).toString('base64url');

/** @throws {Problem} for what cursorOf has not made */
export function placeOf(cursor: string): Place {
  const [updatedAt = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split('|');
  if (isTime(updatedAt) && isUUID(id)) return { updatedAt, id };
  throw new Problem(400, 'The query is not valid.', {
    errors: [{ field: 'before', message: 'before must be the `next` of an earlier page' }],
  });
}

const time = /^([1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

/** Whether PostgreSQL takes it too: Date.parse knows more forms, and the 30th of February. */
function isTime(text: string): boolean {
  const seconds = time.exec(text)?.[1];
  const date = new Date(`${seconds}Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${seconds}.`);
}
