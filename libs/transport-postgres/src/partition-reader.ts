import type { LogRecord } from '@clawdesk/messaging';
import { logger } from '@clawdesk/tracing';
import type { Connection } from './connection.js';
import type { TailCache } from './tail-cache.js';

const log = logger('transport-postgres');

/** Records handed over at once: between two portions the receiver can say that it has enough. */
const portion = 200;

interface RecordRow {
  record_offset: string;
  key: string | null;
  headers: string;
  value: Buffer;
  at: number;
}

/** What readers share: where each partition ends, and its newest records. */
export interface LogView {
  connection: Connection;
  cache: TailCache;
  /** Offset behind the last record known of, by `topic partition`. */
  heads: ReadonlyMap<string, number>;
}

/** Reads one partition for one receiver, from memory while it keeps up, from the table when it is behind. */
export class PartitionReader {
  private readonly name: string;
  private reading = false;
  private paused = false;
  private stopped = false;
  private skipped: { from: number; to: number } | undefined;

  constructor(
    private readonly view: LogView,
    private readonly topic: string,
    private readonly partition: number,
    private position: number,
    /** @returns whether more is wanted now */
    private readonly deliver: (records: readonly LogRecord[]) => boolean,
  ) {
    this.name = `${topic} ${partition}`;
  }

  /** Offsets that were last passed over because retention took their records. */
  get gap(): { from: number; to: number } | undefined {
    return this.skipped;
  }

  /** There may be something to read. */
  wake(): void {
    if (this.reading || this.paused || this.stopped || !this.isBehind) return;
    this.reading = true;
    void this.read();
  }

  resume(): void {
    this.paused = false;
    this.wake();
  }

  stop(): void {
    this.stopped = true;
  }

  private get isBehind(): boolean {
    return this.position < (this.view.heads.get(this.name) ?? 0);
  }

  private async read(): Promise<void> {
    try {
      while (!this.stopped && !this.paused && this.isBehind) {
        let records = this.view.cache.from(this.name, this.position, portion);
        if (records.length === 0) records = await this.fromTable();
        if (records.length === 0) {
          if (await this.skipWhatIsGone()) continue;
          return;
        }
        if (this.stopped) return;
        this.position = records.at(-1)!.offset + 1;
        if (!this.deliver(records)) this.paused = true;
      }
    } catch (error) {
      // The next look at the heads wakes it again.
      log.debug({ err: error, topic: this.topic, partition: this.partition }, 'Could not read');
    } finally {
      this.reading = false;
    }
  }

  /** Goes to the end when nothing is left before it. Head and records are looked at in one moment: none slips between. */
  private async skipWhatIsGone(): Promise<boolean> {
    const [end] = await this.view.connection.query<{ next_offset: string }>(
      'end',
      `SELECT next_offset FROM log.heads WHERE topic = $1 AND partition = $2 AND next_offset > $3 AND NOT EXISTS (
         SELECT FROM log.records WHERE topic = $1 AND partition = $2 AND record_offset >= $3)`,
      [this.topic, this.partition, this.position],
    );
    if (!end) return false;
    const from = this.skipped?.to === this.position ? this.skipped.from : this.position;
    this.position = Number(end.next_offset);
    this.skipped = { from, to: this.position };
    return true;
  }

  private async fromTable(): Promise<readonly LogRecord[]> {
    const rows = await this.view.connection.query<RecordRow>(
      'read',
      `SELECT record_offset, key, headers, value, extract(epoch FROM appended_at)::float8 * 1000 AS at FROM log.records
        WHERE topic = $1 AND partition = $2 AND record_offset >= $3 ORDER BY record_offset LIMIT $4`,
      [this.topic, this.partition, this.position, portion],
    );
    return rows.map((row) => ({
      topic: this.topic,
      partition: this.partition,
      offset: Number(row.record_offset),
      key: row.key,
      headers: JSON.parse(row.headers) as Record<string, string>,
      value: row.value,
      timestamp: row.at,
    }));
  }
}
