import type { LogRecord, OutgoingRecord } from '@clawdesk/messaging';
import { isStatementError, type Connection } from './connection.js';
import { partitionFor } from './partitioner.js';

/** One call of `publish`. */
interface Call {
  records: readonly OutgoingRecord[];
  resolve(): void;
  reject(error: unknown): void;
}

/** Records and bytes of one transaction at the most; a single call is never split. */
const mostRecords = 500;
const mostBytes = 4 * 1024 * 1024;

interface BaseRow {
  topic: string;
  partition: number;
  base: string;
  at: number;
}

/**
 * Appends in one short transaction at a time; what is published meanwhile shares the next one. So records keep the
 * order of the calls, and the cost of a commit is divided by their number.
 */
export class Appender {
  private waiting: Call[] = [];
  private working: Promise<void> | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly partitionsOf: (topic: string) => number,
    /** Topics to wake other processes for, or null when there is nobody to wake. */
    private readonly wakeFor: (topics: ReadonlySet<string>) => string | null,
    /** Called once the records are durable, per partition, in offset order. */
    private readonly onAppended: (records: readonly LogRecord[]) => void,
  ) {}

  publish(records: readonly OutgoingRecord[]): Promise<void> {
    if (records.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      // Throws, and so rejects this call alone, when a topic is unknown.
      for (const { topic } of records) this.partitionsOf(topic);
      this.waiting.push({ records, resolve, reject });
      this.working ??= this.work();
    });
  }

  async flush(): Promise<void> {
    await this.working;
  }

  private async work(): Promise<void> {
    // Calls of the same turn of the event loop share the first transaction.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) {
      await this.appendCalls(this.nextCalls());
    }
    this.working = undefined;
  }

  private async appendCalls(calls: readonly Call[]): Promise<void> {
    try {
      await this.append(calls.flatMap((call) => call.records));
      for (const call of calls) call.resolve();
    } catch (error) {
      if (calls.length > 1 && isStatementError(error)) return this.appendOneByOne(calls);
      for (const call of calls) call.reject(error);
    }
  }

  /** One of the calls has a record that PostgreSQL refuses: the others do not fail with it. */
  private async appendOneByOne(calls: readonly Call[]): Promise<void> {
    for (const [index, call] of calls.entries()) {
      try {
        await this.append(call.records);
        call.resolve();
      } catch (error) {
        if (isStatementError(error)) call.reject(error);
        // The log is gone: nothing behind this call may get ahead of it.
        else return calls.slice(index).forEach((rest) => rest.reject(error));
      }
    }
  }

  private nextCalls(): Call[] {
    let records = 0;
    let bytes = 0;
    let count = 0;
    for (const call of this.waiting) {
      const size = call.records.reduce((sum, { value }) => sum + value.length, 0);
      if (count > 0 && (records + call.records.length > mostRecords || bytes + size > mostBytes)) break;
      records += call.records.length;
      bytes += size;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  private async append(records: readonly OutgoingRecord[]): Promise<void> {
    const packed = pack(records, this.partitionsOf);
    const { topics, partitions, ordinals, keys, starts, headerSizes, valueSizes, contents } = packed;
    const rows = await this.connection.query<BaseRow>(
      'append',
      'SELECT * FROM log.append($1::text[], $2::integer[], $3::integer[], $4::text[], $5::integer[], $6::integer[], $7::integer[], $8::bytea, $9)',
      [
        topics,
        partitions,
        ordinals,
        keys,
        starts,
        headerSizes,
        valueSizes,
        contents,
        this.wakeFor(new Set(topics)),
      ],
    );
    const next = new Map(
      rows.map((row) => [`${row.topic} ${row.partition}`, { ...row, base: Number(row.base) }]),
    );
    const appended = new Map<string, LogRecord[]>();
    records.forEach(({ topic, key, headers, value }, index) => {
      const partition = partitions[index]!;
      const name = `${topic} ${partition}`;
      const head = next.get(name);
      if (!head) throw new Error(`Topic '${topic}' has no partition ${partition} in the log`);
      const record = { topic, partition, offset: head.base, key, headers, value, timestamp: head.at };
      head.base += 1;
      const list = appended.get(name);
      if (list) list.push(record);
      else appended.set(name, [record]);
    });
    for (const list of appended.values()) this.onAppended(list);
  }
}

/** Records as `log.append` takes them. */
function pack(records: readonly OutgoingRecord[], partitionsOf: (topic: string) => number) {
  const counts = new Map<string, number>();
  const pieces: Buffer[] = [];
  let start = 1;
  const rows = records.map((record) => {
    const { topic, key, headers, value } = record;
    const partition = partitionFor(record, partitionsOf(topic));
    const name = `${topic} ${partition}`;
    const ordinal = counts.get(name) ?? 0;
    counts.set(name, ordinal + 1);
    const head = Buffer.from(JSON.stringify(headers));
    pieces.push(head, value);
    const row = { topic, partition, ordinal, key, start, headerSize: head.length, valueSize: value.length };
    start += head.length + value.length;
    return row;
  });
  return {
    topics: rows.map(({ topic }) => topic),
    partitions: rows.map(({ partition }) => partition),
    ordinals: rows.map(({ ordinal }) => ordinal),
    keys: rows.map(({ key }) => key),
    starts: rows.map((row) => row.start),
    headerSizes: rows.map(({ headerSize }) => headerSize),
    valueSizes: rows.map(({ valueSize }) => valueSize),
    contents: Buffer.concat(pieces),
  };
}
