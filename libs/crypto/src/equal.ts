import { hash, timingSafeEqual } from 'node:crypto';

/** Compares secrets in a time that tells nothing about where they differ, whatever their lengths. */
export function secretsEqual(a: string | Buffer, b: string | Buffer): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

// Digests have one length, which timingSafeEqual needs.
const digest = (secret: string | Buffer): Buffer => hash('sha256', secret, 'buffer');
