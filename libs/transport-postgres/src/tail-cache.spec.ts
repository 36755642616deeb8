import type { LogRecord } from '@clawdesk/messaging';
import { describe, expect, it } from 'vitest';
import { TailCache } from './tail-cache.js';

const records = (first: number, count: number, bytes = 0): LogRecord[] =>
  Array.from({ length: count }, (_, i) => ({
    topic: 't',
    partition: 0,
    offset: first + i,
    key: 'k',
    headers: {},
    value: Buffer.alloc(bytes),
    timestamp: 0,
  }));
const offsets = (found: readonly LogRecord[]): number[] => found.map(({ offset }) => offset);

describe('TailCache', () => {
  it('gives records from an offset on, at most as many as asked for', () => {
    const cache = new TailCache();
    cache.append('t 0', records(10, 2));
    cache.append('t 0', records(12, 3));
    expect(offsets(cache.from('t 0', 11, 3))).toEqual([11, 12, 13]);
    expect(offsets(cache.from('t 0', 14, 3))).toEqual([14]);
  });

  it('knows nothing before its first record, behind its last, or of another partition', () => {
    const cache = new TailCache();
    cache.append('t 0', records(10, 2));
    expect(cache.from('t 0', 9, 5)).toEqual([]);
    expect(cache.from('t 0', 12, 5)).toEqual([]);
    expect(cache.from('t 1', 10, 5)).toEqual([]);
  });

  it('starts anew when another process appended in between', () => {
    const cache = new TailCache();
    cache.append('t 0', records(10, 2));
    cache.append('t 0', records(15, 1));
    expect(cache.from('t 0', 11, 5)).toEqual([]);
    expect(offsets(cache.from('t 0', 15, 5))).toEqual([15]);
  });

  it('drops the oldest appends, of whichever partition, when it has too many bytes', () => {
    const cache = new TailCache(10_000);
    cache.append('t 0', records(0, 2, 1000));
    cache.append('t 1', records(0, 2, 1000));
    cache.append('t 0', records(2, 2, 1000));
    cache.append('t 0', records(4, 1, 1000));
    expect(cache.from('t 0', 1, 1)).toEqual([]);
    expect(offsets(cache.from('t 0', 2, 9))).toEqual([2, 3, 4]);
    expect(offsets(cache.from('t 1', 0, 9))).toEqual([0, 1]);
  });

  it('drops an append that is larger than all it may hold', () => {
    const cache = new TailCache(1_000);
    cache.append('t 0', records(0, 1, 5_000));
    expect(cache.from('t 0', 0, 1)).toEqual([]);
    cache.append('t 0', records(1, 1));
    expect(offsets(cache.from('t 0', 1, 1))).toEqual([1]);
  });

  it('stays right over many appends and drops, with a foreign append among them', () => {
    const cache = new TailCache(50_000);
    let next = 0;
    for (let round = 0; round < 5_000; round += 1) {
      if (round === 2_500) next += 7;
      for (const name of ['t 0', 't 1', 't 2']) {
        cache.append(name, records(next, 3, 100));
        expect(offsets(cache.from(name, next, 9))).toEqual([next, next + 1, next + 2]);
      }
      next += 3;
    }
  });
});
