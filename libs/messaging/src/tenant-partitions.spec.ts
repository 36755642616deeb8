import { describe, expect, it } from 'vitest';
import { partitionsOfTenant } from './tenant-partitions.js';

describe('partitionsOfTenant', () => {
  it('never changes: records of a key stay in one partition for ever', () => {
    expect(partitionsOfTenant('acme', 12)).toEqual([0, 6, 7]);
    expect(partitionsOfTenant('globex', 48)).toEqual([3, 6, 8, 10, 12, 13, 16, 24, 28, 33, 37, 45]);
  });

  it('gives the first tenant, records of no tenant, and topics with few partitions all of them', () => {
    expect(partitionsOfTenant('default', 48)).toBeUndefined();
    expect(partitionsOfTenant(undefined, 48)).toBeUndefined();
    for (const few of [1, 2]) expect(partitionsOfTenant('acme', few)).toBeUndefined();
  });

  it('seldom gives two tenants the same ones, and uses all evenly', () => {
    const shards = Array.from({ length: 400 }, (_, index) => partitionsOfTenant(`tenant-${index}`, 48)!);
    const [flooding, ...others] = shards;
    const touched = others.filter((shard) => shard.every((partition) => flooding!.includes(partition)));
    expect(touched).toEqual([]);
    const counts = new Array<number>(48).fill(0);
    for (const partition of shards.flat()) counts[partition]! += 1;
    expect(Math.min(...counts)).toBeGreaterThan(60);
    expect(Math.max(...counts)).toBeLessThan(140);
  });
});
