import type { LogRecord } from '@clawdesk/messaging';

interface Tail {
  /** Contiguous, oldest first; those before `head` are gone. */
  records: LogRecord[];
  head: number;
}

/** Records of one append. */
interface Chunk {
  name: string;
  firstOffset: number;
  count: number;
  bytes: number;
}

/**
 * The newest records of each partition that this process appended itself: consumers that keep up get them from
 * here, without a query. Bounded by bytes over all partitions; what is missing is read from the table.
 */
export class TailCache {
  private readonly tails = new Map<string, Tail>();
  /** In the order of the appends, to throw away the oldest first; those before `oldest` are gone. */
  private readonly chunks: Chunk[] = [];
  private oldest = 0;
  private bytes = 0;

  constructor(private readonly mostBytes = 8 * 1024 * 1024) {}

  /** @param records of one partition, contiguous, in offset order */
  append(name: string, records: readonly LogRecord[]): void {
    const firstOffset = records[0]!.offset;
    const tail = this.tails.get(name);
    if (tail && tail.records.at(-1)!.offset + 1 === firstOffset) {
      for (const record of records) tail.records.push(record);
    }
    // Another process appended in between: what was kept does not connect any more.
    else this.tails.set(name, { records: [...records], head: 0 });
    const bytes = records.reduce((sum, record) => sum + sizeOf(record), 0);
    this.chunks.push({ name, firstOffset, count: records.length, bytes });
    this.bytes += bytes;
    while (this.bytes > this.mostBytes) this.dropOldest();
  }

  /** Records from exactly this offset on, or none when that one is not here. */
  from(name: string, offset: number, most: number): readonly LogRecord[] {
    const tail = this.tails.get(name);
    if (!tail) return [];
    const behind = offset - tail.records[tail.head]!.offset;
    if (behind < 0) return [];
    return tail.records.slice(tail.head + behind, tail.head + behind + most);
  }

  private dropOldest(): void {
    const chunk = this.chunks[this.oldest]!;
    this.oldest += 1;
    // Cut off in large pieces: a shift for each would move the whole list every time.
    if (this.oldest > 1024) this.oldest -= this.chunks.splice(0, this.oldest).length;
    this.bytes -= chunk.bytes;
    const tail = this.tails.get(chunk.name);
    // Its records were dropped earlier, when another process appended.
    if (!tail || tail.records[tail.head]!.offset !== chunk.firstOffset) return;
    if (tail.head + chunk.count === tail.records.length) {
      this.tails.delete(chunk.name);
      return;
    }
    tail.head += chunk.count;
    if (tail.head * 2 > tail.records.length) {
      tail.records.splice(0, tail.head);
      tail.head = 0;
    }
  }
}

const sizeOf = ({ value, key }: LogRecord): number => value.length + (key?.length ?? 0) + 600;
