import { StaleAssignmentError, type GroupMember, type Subscription } from '@clawdesk/messaging';
import type { OffsetCommits } from './offset-commits.js';
import { PartitionReader, type LogView } from './partition-reader.js';

/** A claim of this process on a partition. */
export interface Claim {
  partition: number;
  /** Grows with each owner: fences the commits of the ones before. */
  token: string;
  committed: number;
}

interface Held {
  token: string;
  committed: number;
  reader: PartitionReader;
}

/** Where the holder of this claim would go on: behind records that are gone when only those come next. */
function positionOf({ committed, reader: { gap } }: Held): number {
  return gap && gap.from <= committed ? Math.max(gap.to, committed) : committed;
}

/** This process in one consumer group: reads the partitions it holds claims on. */
export class Membership implements GroupMember {
  private readonly held = new Map<number, Held>();
  private assignment = 0;
  private live = false;
  private closed = false;

  constructor(
    readonly subscription: Subscription,
    private readonly view: LogView,
    private readonly commits: OffsetCommits,
    private readonly onClose: (membership: Membership) => Promise<void>,
  ) {}

  /** Partitions and tokens that are held now. */
  get holding(): ReadonlyMap<number, { token: string }> {
    return this.held;
  }

  /** Our lease may be over: nothing is committed until `hold` says what is still ours. */
  uncertain(): void {
    if (!this.live) return;
    this.live = false;
    this.subscription.sink.rebalancing();
  }

  /** These partitions are no longer ours. */
  lose(partitions: readonly number[]): void {
    if (partitions.length === 0) return;
    this.uncertain();
    for (const partition of partitions) {
      this.held.get(partition)?.reader.stop();
      this.held.delete(partition);
    }
  }

  /** These partitions are ours, too; those held go on where they are. */
  gain(claims: readonly Claim[]): void {
    if (claims.length === 0 || this.closed) return;
    this.uncertain();
    const { topic, sink } = this.subscription;
    for (const { partition, token, committed } of claims) {
      const reader = new PartitionReader(this.view, topic, partition, committed, (records) =>
        sink.accept(partition, records),
      );
      this.held.set(partition, { token, committed, reader });
    }
  }

  /** Tells the sink what it has, if that changed or was uncertain, and reads on. */
  settle(): void {
    if (this.live || this.closed) return;
    this.live = true;
    this.assignment += 1;
    this.subscription.sink.assigned([...this.held.keys()], this.assignment);
    // The sink has forgotten that it paused partitions which it kept.
    for (const { reader } of this.held.values()) reader.resume();
  }

  wake(partition?: number): void {
    if (!this.live) return;
    if (partition !== undefined) this.held.get(partition)?.reader.wake();
    else for (const { reader } of this.held.values()) reader.wake();
  }

  async commit(assignment: number, offsets: ReadonlyMap<number, number>): Promise<void> {
    const { group } = this.subscription;
    if (!this.live || this.closed || assignment !== this.assignment) throw new StaleAssignmentError(group);
    const positions = [...offsets].map(([partition, offset]) => {
      const claim = this.held.get(partition);
      if (!claim) throw new StaleAssignmentError(group);
      return { group, partition, offset, token: claim.token };
    });
    await this.commits.add(positions);
    for (const { partition, offset } of positions) {
      const claim = this.held.get(partition);
      if (claim) claim.committed = offset;
    }
  }

  resume(partition: number): void {
    if (this.live) this.held.get(partition)?.reader.resume();
  }

  lag(): Promise<number> {
    let lag = 0;
    for (const [partition, held] of this.held) {
      const head = this.view.heads.get(`${this.subscription.topic} ${partition}`) ?? 0;
      lag += Math.max(0, head - positionOf(held));
    }
    return Promise.resolve(lag);
  }

  /** Reads no more and calls the sink no more. */
  abandon(): void {
    this.closed = true;
    for (const { reader } of this.held.values()) reader.stop();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    await this.commits.flush();
    this.abandon();
    await this.onClose(this);
    this.held.clear();
  }
}
