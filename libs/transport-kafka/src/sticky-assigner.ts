import kafkajs, { type PartitionAssigner } from 'kafkajs';

const name = 'clawdesk-sticky';
// 0: brokers read the subscription too, and from 1 on they expect further fields in it.
const version = 0;

export interface Claim {
  memberId: string;
  /** What the member held before this rebalance. */
  held: readonly number[];
}

/**
 * Shares the partitions evenly and lets each member keep as many of its own as that allows: what is kept goes on
 * without being handled again.
 */
export function shareOut(partitions: readonly number[], members: readonly Claim[]): Map<string, number[]> {
  const known = new Set(partitions);
  // Those who hold most take the odd ones: that moves the fewest.
  const order = [...members].sort(
    (a, b) => b.held.length - a.held.length || (a.memberId < b.memberId ? -1 : 1),
  );
  const base = Math.floor(partitions.length / order.length);
  const odd = partitions.length % order.length;
  const quota = (index: number): number => base + (index < odd ? 1 : 0);
  const taken = new Set<number>();
  const shares = order.map(({ held }, index) => {
    const kept = held
      .filter((partition) => known.has(partition) && !taken.has(partition))
      .slice(0, quota(index));
    for (const partition of kept) taken.add(partition);
    return kept;
  });
  const free = partitions.filter((partition) => !taken.has(partition));
  for (const [index, share] of shares.entries()) share.push(...free.splice(0, quota(index) - share.length));
  return new Map(order.map(({ memberId }, index) => [memberId, shares[index]!]));
}

function heldFrom(userData: Buffer | undefined): number[] {
  if (!userData || userData.length % 4 !== 0) return [];
  return Array.from({ length: userData.length / 4 }, (_, index) => userData.readInt32BE(index * 4));
}

export interface AssignerHooks {
  topic: string;
  /** What this member holds now. */
  held(): readonly number[];
  /** Called when this member asks to (re)join, on whatever path kafkajs took there. */
  joining(): void;
}

/** kafkajs asks it for this member's claim before each join, and for the shares when this member leads the group. */
export const stickyAssigner =
  ({ topic, held, joining }: AssignerHooks): PartitionAssigner =>
  ({ cluster }) => ({
    name,
    version,
    protocol: ({ topics }) => {
      const userData = Buffer.alloc(held().length * 4);
      held().forEach((partition, index) => userData.writeInt32BE(partition, index * 4));
      joining();
      return {
        name,
        metadata: kafkajs.AssignerProtocol.MemberMetadata.encode({ version, topics, userData }),
      };
    },
    assign: ({ members }) => {
      const partitions = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId);
      const claims = members.map(({ memberId, memberMetadata }) => ({
        memberId,
        held: heldFrom(kafkajs.AssignerProtocol.MemberMetadata.decode(memberMetadata)?.userData),
      }));
      const shares = shareOut(
        partitions.sort((a, b) => a - b),
        claims,
      );
      return Promise.resolve(
        [...shares].map(([memberId, share]) => ({
          memberId,
          memberAssignment: kafkajs.AssignerProtocol.MemberAssignment.encode({
            version,
            assignment: { [topic]: share },
            userData: Buffer.alloc(0),
          }),
        })),
      );
    },
  });
