import { hash } from 'node:crypto';
import type { OutgoingRecord } from './transport.js';

/** The tenant of a new installation. Most have no other: it uses all partitions. */
const firstTenant = 'default';
/** Another tenant uses one partition in so many, but at least two where there are two. */
const oneIn = 4;

const known = new Map<string, readonly number[]>();
const mostKnown = 10_000;

/**
 * Shuffle sharding: the partitions that a tenant's records lie in. Two tenants seldom have all of theirs in common, so a flood
 * of one touches few others. They depend on the tenant's name and the number of partitions alone and never change.
 * @returns undefined: all of them
 */
export function partitionsOfTenant(
  tenant: string | undefined,
  partitions: number,
): readonly number[] | undefined {
  const wanted = Math.max(2, Math.ceil(partitions / oneIn));
  if (tenant === undefined || tenant === firstTenant || wanted >= partitions) return undefined;
  const name = `${partitions} ${tenant}`;
  let shard = known.get(name);
  if (!shard) {
    // Those with the smallest hashes: as good as drawn by lot, and the same in every process.
    shard = Array.from({ length: partitions }, (_, partition) => partition)
      .map((partition) => ({ partition, lot: hash('sha256', `${tenant} ${partition}`) }))
      .sort((a, b) => (a.lot < b.lot ? -1 : 1))
      .slice(0, wanted)
      .map(({ partition }) => partition)
      .sort((a, b) => a - b);
    if (known.size >= mostKnown) known.clear();
    known.set(name, shard);
  }
  return shard;
}

/** The tenant that a record names. */
export const tenantOf = ({ headers }: Pick<OutgoingRecord, 'headers'>): string | undefined =>
  headers['ce_tenant'];
