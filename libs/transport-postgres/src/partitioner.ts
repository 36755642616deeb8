import { partitionsOfTenant, tenantOf, type OutgoingRecord } from '@clawdesk/messaging';

/** Partition of a record: by its key, among those of its tenant. */
export function partitionFor(record: Pick<OutgoingRecord, 'key' | 'headers'>, partitions: number): number {
  const shard = partitionsOfTenant(tenantOf(record), partitions);
  return shard ? shard[partitionOf(record.key, shard.length)]! : partitionOf(record.key, partitions);
}

/**
 * Partition of a key: FNV-1a over its UTF-8 bytes. Pinned by a spec, because a key must never change its partition.
 */
export function partitionOf(key: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(key)) {
    hash ^= byte;
    hash = Math.imul(hash, 0x01000193);
  }
  // The low bits of FNV-1a are weak for short keys; folding brings in the high ones.
  return ((hash ^ (hash >>> 15)) >>> 0) % partitions;
}
