import { partitionsOfTenant } from '@clawdesk/messaging';
import type { PartitionMetadata } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { tenantPartitioner } from './tenant-partitioner.js';

const partitionMetadata = Array.from({ length: 12 }, (_, partitionId) => ({
  partitionId,
  leader: 1,
})) as PartitionMetadata[];
const partition = (key: string, tenant?: string): number =>
  tenantPartitioner()({
    topic: 't',
    partitionMetadata,
    message: { key, value: null, headers: tenant === undefined ? {} : { ce_tenant: tenant } },
  });

describe('tenantPartitioner', () => {
  it('never changes: records of a key stay in one partition for ever', () => {
    const keys = ['a', 'thread-1', 'Grüße', '客服'];
    expect(keys.map((key) => partition(key, 'default'))).toEqual([4, 2, 3, 8]);
    expect(keys.map((key) => partition(key, 'acme'))).toEqual([6, 7, 0, 7]);
  });

  it('keeps a tenant to its own partitions, and uses all of those', () => {
    const used = new Set<number>();
    for (let i = 0; i < 1_000; i += 1) used.add(partition(`thread-${i}`, 'acme'));
    expect([...used].sort((a, b) => a - b)).toEqual(partitionsOfTenant('acme', 12));
  });

  it('is by the key alone where no tenant is named', () => {
    expect(partition('thread-1')).toBe(partition('thread-1', 'default'));
  });
});
