import { NewerSchemaError } from '@clawdesk/envelope';
import { gauge, logger } from '@clawdesk/tracing';
import type { Delivery, Handle, RegisteredHandler } from './delivery.js';
import { KeyLanes } from './key-lanes.js';
import { OffsetTracker } from './offset-tracker.js';
import { RevokedError } from './revoked.js';
import { StaleAssignmentError, type GroupMember, type LogRecord, type RecordSink } from './transport.js';

const log = logger('messaging');
const inFlightGauge = gauge('clawdesk_records_in_flight', 'Records taken from the log and not done yet', [
  'group',
]);

export interface GroupConsumerOptions {
  /** Records taken and not done, above which fetching pauses. @default 1000 */
  mostRecords?: number;
  /** Bytes of such records, above which fetching pauses. @default 8 MiB */
  mostBytes?: number;
  /** Milliseconds between commits: so much is handled again, and recognised, after a crash. @default 1000 */
  commitEveryMs?: number;
}

interface Partition {
  tracker: OffsetTracker;
  revoked: AbortController;
  committed: number | undefined;
  /** A record of a newer major version waits for a newer release; nothing behind it is taken. */
  blocked: boolean;
  paused: boolean;
}

/** One handler's membership in its consumer group: hands records to the lanes, commits what is done. */
export class GroupConsumer implements RecordSink {
  private readonly lanes: KeyLanes;
  private readonly partitions = new Map<number, Partition>();
  private readonly running = new Set<Delivery>();
  private readonly mostRecords: number;
  private readonly mostBytes: number;
  private member: GroupMember | undefined;
  private assignment = 0;
  private mayCommit = false;
  private draining = false;
  private holds = 0;
  private records = 0;
  private bytes = 0;
  private commitTimer: NodeJS.Timeout | undefined;
  private committing: Promise<void> = Promise.resolve();
  private whenIdle: (() => void)[] = [];
  /** When a record was last taken or finished, or a rebalance went on, ms. */
  lastProgressAt = Date.now();

  constructor(
    readonly handler: RegisteredHandler,
    private readonly handle: Handle,
    private readonly onFatal: (error: Error) => void,
    options: GroupConsumerOptions = {},
  ) {
    this.lanes = new KeyLanes(handler.options.concurrency);
    this.mostRecords = options.mostRecords ?? 1_000;
    this.mostBytes = options.mostBytes ?? 8 * 1024 * 1024;
    this.commitTimer = setInterval(() => void this.commit(), options.commitEveryMs ?? 1_000);
  }

  /** Called once `Transport.consume` has resolved; the sink may have been called before. */
  joined(member: GroupMember): void {
    this.member = member;
    // A partition may have been paused, and its records finished, before there was a member to resume it.
    this.resumeFetching();
  }

  assigned(partitions: readonly number[], assignment: number): void {
    for (const [number, partition] of this.partitions) {
      if (partitions.includes(number)) continue;
      partition.revoked.abort(new RevokedError(`Partition ${number} was assigned to another member`));
      this.partitions.delete(number);
    }
    for (const number of partitions) {
      // A kept partition is fetched anew from its committed offset, so a pause is over.
      const kept = this.partitions.get(number);
      if (kept) kept.paused = false;
      else {
        this.partitions.set(number, {
          tracker: new OffsetTracker(),
          revoked: new AbortController(),
          committed: undefined,
          blocked: false,
          paused: false,
        });
      }
    }
    this.assignment = assignment;
    this.mayCommit = true;
    this.lastProgressAt = Date.now();
  }

  rebalancing(): void {
    this.mayCommit = false;
    // Nothing can be taken until it is over.
    this.lastProgressAt = Date.now();
  }

  accept(number: number, records: readonly LogRecord[]): boolean {
    const partition = this.partitions.get(number);
    if (!partition || this.draining) return false;
    for (const record of records) {
      if (partition.blocked) break;
      if (!partition.tracker.start(record.offset)) continue;
      this.records += 1;
      this.bytes += record.value.length;
      const key = record.key ?? `partition ${number}`;
      this.lanes.submit(key, () => this.work(partition, record));
    }
    this.showInFlight();
    this.lastProgressAt = Date.now();
    partition.paused = partition.blocked || this.records >= this.mostRecords || this.bytes >= this.mostBytes;
    return !partition.paused;
  }

  /** Records taken and not done. */
  get inFlight(): number {
    return this.records;
  }

  /** True while a dependency's breaker holds this handler back. */
  get held(): boolean {
    return this.holds > 0;
  }

  /** True when a partition stands at a record of a newer major version. */
  get waitsForUpgrade(): boolean {
    return [...this.partitions.values()].some(({ blocked }) => blocked);
  }

  /** Milliseconds since the oldest running attempt began; waiting for a retry or a breaker does not count. */
  oldestAttemptMs(now: number): number {
    let oldest = 0;
    for (const { attemptStartedAt } of this.running) {
      if (attemptStartedAt !== undefined) oldest = Math.max(oldest, now - attemptStartedAt);
    }
    return oldest;
  }

  lag(): Promise<number> {
    return this.member?.lag() ?? Promise.resolve(0);
  }

  /**
   * Takes nothing more, lets what runs finish, commits and leaves the group. What is still running after
   * `patienceMs` is aborted and left uncommitted: whoever takes over the partition handles it again.
   */
  async close(patienceMs: number): Promise<void> {
    this.draining = true;
    const patience = setTimeout(() => this.abortAll('The process is shutting down'), patienceMs);
    await new Promise<void>((resolve) => {
      this.whenIdle.push(resolve);
      this.settleIdle();
    });
    clearTimeout(patience);
    clearInterval(this.commitTimer);
    await this.commit();
    await this.member?.close();
  }

  private abortAll(why: string): void {
    for (const { revoked } of this.partitions.values()) revoked.abort(new RevokedError(why));
  }

  private async work(partition: Partition, record: LogRecord): Promise<void> {
    const { signal } = partition.revoked;
    try {
      // Queued when the partition was lost, or when the drain began: left for whoever reads on from the commit.
      if (signal.aborted || partition.blocked || this.draining) return;
      const delivery: Delivery = {
        record,
        handler: this.handler,
        signal,
        event: undefined as never,
        attempts: 0,
        attemptStartedAt: undefined,
        holdConsumption: (until) => this.hold(until),
      };
      this.running.add(delivery);
      try {
        await this.handle(delivery);
        partition.tracker.finish(record.offset);
      } catch (error) {
        this.interrupted(partition, record, error);
      } finally {
        this.running.delete(delivery);
      }
    } finally {
      this.records -= 1;
      this.bytes -= record.value.length;
      this.showInFlight();
      this.lastProgressAt = Date.now();
      this.resumeFetching();
      this.settleIdle();
    }
  }

  private interrupted(partition: Partition, record: LogRecord, error: unknown): void {
    if (error instanceof RevokedError) return;
    if (error instanceof NewerSchemaError) {
      partition.blocked = true;
      log.error(
        { topic: record.topic, partition: record.partition, offset: record.offset },
        `${error.message} The partition waits at this record: upgrade this service.`,
      );
      return;
    }
    // The chain deals with every failure of a record; what comes out of it is a fault of the engine itself.
    this.onFatal(error instanceof Error ? error : new Error(String(error)));
  }

  private hold(until: Promise<void>): void {
    this.holds += 1;
    this.lanes.hold();
    const release = (): void => {
      this.holds -= 1;
      if (this.holds === 0) this.lanes.release();
    };
    until.then(release, release);
  }

  private resumeFetching(): void {
    if (!this.member) return;
    if (this.records * 2 > this.mostRecords || this.bytes * 2 > this.mostBytes) return;
    for (const [number, partition] of this.partitions) {
      if (!partition.paused || partition.blocked) continue;
      partition.paused = false;
      this.member.resume(number);
    }
  }

  private showInFlight(): void {
    inFlightGauge.set({ group: this.handler.options.group }, this.records);
  }

  private settleIdle(): void {
    if (this.running.size > 0) return;
    for (const resolve of this.whenIdle.splice(0)) resolve();
  }

  private commit(): Promise<void> {
    this.committing = this.committing.then(() => this.commitNow());
    return this.committing;
  }

  private async commitNow(): Promise<void> {
    if (!this.mayCommit || !this.member) return;
    const offsets = new Map<number, number>();
    for (const [number, { tracker, committed }] of this.partitions) {
      const position = tracker.position();
      if (position !== undefined && position !== committed) offsets.set(number, position);
    }
    if (offsets.size === 0) return;
    const partitions = new Map(this.partitions);
    try {
      await this.member.commit(this.assignment, offsets);
      for (const [number, offset] of offsets) partitions.get(number)!.committed = offset;
    } catch (error) {
      // The next commit carries the same positions or later ones; until then a restart handles some records again.
      const level = error instanceof StaleAssignmentError ? 'debug' : 'warn';
      log[level]({ err: error, group: this.handler.options.group }, 'Offsets were not committed');
    }
  }
}
