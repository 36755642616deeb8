import { hash } from 'node:crypto';

/** Namespace of all ids that Clawdesk derives (UUIDv5, RFC 9562). Never changes. */
const namespace = Buffer.from('6f1c2f3a9d3b5c0e8a4b7d2e1f605948', 'hex');

/**
 * Deterministic id: UUIDv5 over the parts. The same parts give the same id in every process, for ever.
 * Parts are length-prefixed, so that ('ab', 'c') and ('a', 'bc') differ.
 */
export function deriveId(...parts: readonly (string | number)[]): string {
  const named = parts.map((part) => `${Buffer.byteLength(String(part))}:${part}`).join('');
  const bytes = hash('sha1', Buffer.concat([namespace, Buffer.from(named)]), 'buffer').subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Id of an inbound message: the same provider event always meets the same id. */
export const messageId = (tenant: string, account: string, dedupKey: string): string =>
  deriveId('message', tenant, account, dedupKey);

/** Id of a reply: one per cause (turn, command or timer), purpose and part. */
export const replyId = (cause: string, purpose: string, part = 0): string =>
  deriveId('reply', cause, purpose, part);

/** Id of an event that a handler publishes: the same record handled again gives the same ids. */
export const outgoingId = (cause: string, handler: string, topic: string, ordinal: number): string =>
  deriveId('event', cause, handler, topic, ordinal);

/** Id of the conversation of a thread. */
export const conversationId = (tenant: string, thread: string): string =>
  deriveId('conversation', tenant, thread);
