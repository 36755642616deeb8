import type { LogRecord } from '@clawdesk/messaging';

interface Tail {
  /** Contiguous, oldest first. */
  records: LogRecord[];
}

/**
 * The newest records of each partition that this process appended itself: consumers that keep up get them from
 * here, without a query. Bounded by bytes over all partitions; what is missing is read from the table.
 */
export class TailCache {
  private readonly tails = new Map<string, Tail>();
  /** Partitions in the order of their appends, to throw away the oldest first. */
  private readonly order: string[] = [];
  private bytes = 0;

  constructor(private readonly mostBytes = 16 * 1024 * 1024) {}

  /** @param records of one partition, contiguous, in offset order */
  append(name: string, records: readonly LogRecord[]): void {
    const first = records[0]!;
    let tail = this.tails.get(name);
    if (!tail) this.tails.set(name, (tail = { records: [] }));
    const last = tail.records.at(-1);
    // Another process appended in between: what was kept does not connect any more.
    if (last && last.offset + 1 !== first.offset) this.drop(tail, tail.records.length);
    for (const record of records) {
      tail.records.push(record);
      this.order.push(name);
      this.bytes += sizeOf(record);
    }
    while (this.bytes > this.mostBytes) this.dropOldest();
  }

  /** Records from exactly this offset on, or none when they are not all here. */
  from(name: string, offset: number, most: number): readonly LogRecord[] {
    const tail = this.tails.get(name);
    const first = tail?.records[0];
    if (!tail || !first || offset < first.offset) return [];
    const start = offset - first.offset;
    return tail.records.slice(start, start + most);
  }

  private dropOldest(): void {
    const name = this.order.shift()!;
    const tail = this.tails.get(name)!;
    // Entries of records that were dropped earlier than their turn are passed over.
    if (tail.records.length > 0) this.drop(tail, 1);
  }

  private drop(tail: Tail, count: number): void {
    for (const record of tail.records.splice(0, count)) this.bytes -= sizeOf(record);
  }
}

const sizeOf = ({ value, key }: LogRecord): number => value.length + (key?.length ?? 0) + 600;
