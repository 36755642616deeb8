import { createHash, randomBytes } from 'node:crypto';

/** An API key in its parts. */
export interface ParsedApiKey {
  tenant: string;
  secret: string;
}

const pattern = /^cd_([a-z0-9][a-z0-9-]{0,39})_([A-Za-z0-9_-]{43})$/;

/** Makes `cd_<tenant>_<256 random bits>`: the tenant stands in it because it must be known before anything is looked up. */
export const newApiKey = (tenant: string): string => `cd_${tenant}_${randomBytes(32).toString('base64url')}`;

/** @returns undefined when it does not look like one. */
export function parseApiKey(text: string): ParsedApiKey | undefined {
  const match = pattern.exec(text);
  return match ? { tenant: match[1]!, secret: match[2]! } : undefined;
}

/** What is stored of a key. A plain hash is enough: 256 random bits cannot be guessed, unlike a password. */
export const hashApiKey = (key: string): string => createHash('sha256').update(key).digest('hex');
