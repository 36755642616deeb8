import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

/** Key objects of the secrets: from plain bytes Node would make one each time. */
const keys = new WeakMap<Buffer, KeyObject>();

/**
 * Key of a thread: fixed for ever, tells nothing about the person, and differs between tenants for the same address.
 * Record key, and name of the thread everywhere inside.
 * @param secret the tenant's secret
 * @param account the tenant's channel account
 * @param channelThread the channel's own id of the thread
 * @returns 43 characters, base64url
 */
export const threadKey = (secret: Buffer, account: string, channelThread: string): string =>
  pseudonym(secret, 'thread', account, channelThread);

/** Pseudonym of a contact, from one of their contact points: whose data a record carries. 43 characters, base64url. */
export const subjectKey = (secret: Buffer, channel: string, contactPoint: string): string =>
  pseudonym(secret, 'subject', channel, contactPoint);

function pseudonym(secret: Buffer, purpose: string, ...parts: readonly string[]): string {
  let key = keys.get(secret);
  if (!key) keys.set(secret, (key = createSecretKey(secret)));
  const hmac = createHmac('sha256', key);
  // Lengths keep the parts apart: ('ab', 'c') and ('a', 'bc') must differ.
  for (const part of [purpose, ...parts]) hmac.update(`${Buffer.byteLength(part)}:`).update(part);
  return hmac.digest('base64url');
}
