import { StaleAssignmentError, type GroupMember, type LogRecord, type RecordSink } from '../transport.js';

/** Writes down what a driver calls. */
export class ProbeSink implements RecordSink {
  readonly records: LogRecord[] = [];
  /** Every assignment so far, oldest first. */
  readonly assignments: { number: number; partitions: number[] }[] = [];
  rebalances = 0;
  /** The answer of `accept`. */
  wantsMore: (partition: number) => boolean = () => true;

  assigned(partitions: readonly number[], number: number): void {
    this.assignments.push({ number, partitions: [...partitions].sort((a, b) => a - b) });
  }

  rebalancing(): void {
    this.rebalances += 1;
  }

  accept(partition: number, records: readonly LogRecord[]): boolean {
    this.records.push(...records);
    return this.wantsMore(partition);
  }

  /** The number of the assignment in force; -1 before the first. */
  get assignment(): number {
    return this.assignments.at(-1)?.number ?? -1;
  }

  get partitions(): readonly number[] {
    return this.assignments.at(-1)?.partitions ?? [];
  }

  get values(): string[] {
    return this.records.map(({ value }) => value.toString());
  }

  /** Values of one key, in the order they came. */
  of(key: string): string[] {
    return this.records.filter((record) => record.key === key).map(({ value }) => value.toString());
  }
}

/**
 * A member that handles each record at once and commits as the engine does: one commit at a time, under the
 * assignment in force, positions of lost partitions forgotten.
 */
export class WorkingSink extends ProbeSink {
  readonly handled: LogRecord[] = [];
  /** Offsets at which a newly gained partition began below what had been committed and acknowledged before. */
  readonly rewinds: string[] = [];
  private readonly positions = new Map<number, number>();
  private readonly gained = new Set<number>();
  private dirty = false;
  private pumping = false;
  private member: GroupMember | undefined;

  constructor(
    /** Highest acknowledged commit per partition, over all members of the group. */
    private readonly committed: Map<number, number>,
  ) {
    super();
  }

  attach(member: GroupMember): void {
    this.member = member;
    void this.pump();
  }

  override assigned(partitions: readonly number[], number: number): void {
    for (const partition of partitions) if (!this.partitions.includes(partition)) this.gained.add(partition);
    for (const partition of this.positions.keys()) {
      if (!partitions.includes(partition)) this.positions.delete(partition);
    }
    super.assigned(partitions, number);
    this.dirty = true;
    void this.pump();
  }

  override accept(partition: number, records: readonly LogRecord[]): boolean {
    const first = records[0];
    if (first && this.gained.delete(partition) && first.offset < (this.committed.get(partition) ?? 0)) {
      this.rewinds.push(
        `partition ${partition}: ${first.offset} after ${this.committed.get(partition)} was committed`,
      );
    }
    for (const record of records) {
      const position = this.positions.get(partition) ?? -1;
      if (record.offset < position) continue;
      this.handled.push(record);
      this.positions.set(partition, record.offset + 1);
    }
    this.dirty = true;
    void this.pump();
    return super.accept(partition, records);
  }

  private async pump(): Promise<void> {
    if (this.pumping || !this.member) return;
    this.pumping = true;
    while (this.dirty) {
      this.dirty = false;
      await this.commitOnce(this.member);
    }
    this.pumping = false;
  }

  private async commitOnce(member: GroupMember): Promise<void> {
    const positions = new Map(this.positions);
    if (positions.size === 0) return;
    try {
      await member.commit(this.assignment, positions);
    } catch (error) {
      // The next assignment, or the next record, commits again.
      if (error instanceof StaleAssignmentError) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
      this.dirty = true;
      return;
    }
    for (const [partition, offset] of positions) {
      this.committed.set(partition, Math.max(offset, this.committed.get(partition) ?? 0));
    }
  }

  /** Ends the commits that are tried again while the server is away. */
  detach(): void {
    this.member = undefined;
    this.dirty = false;
  }
}
