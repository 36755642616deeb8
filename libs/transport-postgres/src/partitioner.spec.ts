import { describe, expect, it } from 'vitest';
import { partitionsOfTenant } from '@clawdesk/messaging';
import { partitionFor, partitionOf } from './partitioner.js';

describe('partitionOf', () => {
  it('never changes: records of a key stay in one partition for ever', () => {
    expect(['', 'a', 'thread-1', 'Grüße', '客服'].map((key) => partitionOf(key, 12))).toEqual([
      8, 8, 8, 4, 3,
    ]);
  });

  it('spreads keys over all partitions, none with twice its share', () => {
    const counts = new Map<number, number>();
    for (let i = 0; i < 12_000; i += 1) {
      const partition = partitionOf(`thread-${i}`, 12);
      counts.set(partition, (counts.get(partition) ?? 0) + 1);
    }
    expect(counts.size).toBe(12);
    expect(Math.max(...counts.values())).toBeLessThan(2_000);
  });
});

describe('partitionFor', () => {
  it('keeps a tenant to its own partitions, and uses all of those', () => {
    const used = new Set<number>();
    for (let i = 0; i < 1_000; i += 1)
      used.add(partitionFor({ key: `thread-${i}`, headers: { ce_tenant: 'acme' } }, 12));
    expect([...used].sort((a, b) => a - b)).toEqual(partitionsOfTenant('acme', 12));
  });

  it('is by the key alone where no tenant is named', () => {
    expect(partitionFor({ key: 'thread-1', headers: {} }, 12)).toBe(partitionOf('thread-1', 12));
  });
});
