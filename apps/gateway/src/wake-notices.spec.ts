import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { packWakes, readNotice, writeNotice, type Notice } from './wake-notices.js';

describe('notices between replicas', () => {
  it.each<Notice>([
    { kind: 'hello', from: 'a' },
    { kind: 'bye', from: 'a' },
    { kind: 'wake', from: 'a', refs: [{ tenant: 'acme-shop', conversation: randomUUID() }] },
  ])('come out as they went in: $kind', (notice) => expect(readNotice(writeNotice(notice))).toEqual(notice));

  it.each(['', 'hello', 'something else'])('are nothing like %j', (text) =>
    expect(readNotice(text)).toBeUndefined(),
  );

  it('hold many wake-ups, none longer than NOTIFY takes', () => {
    const refs = Array.from({ length: 1_000 }, (_, i) => ({
      tenant: `tenant-${i % 7}`,
      conversation: randomUUID(),
    }));
    const texts = packWakes(randomUUID(), refs);
    for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThan(8_000);
    const read = texts.flatMap((text) => (readNotice(text) as Extract<Notice, { kind: 'wake' }>).refs);
    expect(read).toEqual(refs);
  });
});
