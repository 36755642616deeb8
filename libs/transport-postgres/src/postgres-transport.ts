import { randomUUID } from 'node:crypto';
import {
  TransportUnavailableError,
  type BroadcastSubscription,
  type GroupMember,
  type LogRecord,
  type OutgoingRecord,
  type Subscription,
  type TopicSpec,
  type Transport,
} from '@clawdesk/messaging';
import { logger } from '@clawdesk/tracing';
import type pg from 'pg';
import { Appender } from './appender.js';
import { Connection } from './connection.js';
import { Groups } from './groups.js';
import { guardedBroadcast, guardedSink } from './guarded-sink.js';
import { Membership } from './membership.js';
import { Notifications } from './notifications.js';
import { OffsetCommits } from './offset-commits.js';
import { PartitionReader, type LogView } from './partition-reader.js';
import { TailCache } from './tail-cache.js';

const log = logger('transport-postgres');

export interface PostgresTransportOptions {
  /** As the platform role. */
  connection: pg.ClientConfig;
  /** A process without a sign of life for so long loses its partitions, ms. @default 10000 */
  leaseMs?: number;
  /** Looks for records that no wake-up told of, ms. @default 1000 */
  pollEveryMs?: number;
  /** Days that read records are kept. @default 7 */
  retentionDays?: number;
}

const retentionEveryMs = 60 * 60 * 1000;
const wakeEveryMs = 5;

interface Broadcast {
  topic: string;
  readers: Map<number, PartitionReader>;
  onConnect(): void;
}

/** The log in PostgreSQL: the embedded default. */
export class PostgresTransport implements Transport {
  readonly name = 'log in PostgreSQL';
  private readonly instance = randomUUID();
  private readonly connection: Connection;
  private readonly commitConnection: Connection;
  private readonly cache = new TailCache();
  private readonly heads = new Map<string, number>();
  private readonly partitions = new Map<string, number>();
  private readonly view: LogView;
  private readonly appender: Appender;
  private readonly groups: Groups;
  private readonly commits: OffsetCommits;
  private readonly notifications: Notifications;
  private readonly memberships = new Set<Membership>();
  private readonly broadcasts = new Set<Broadcast>();
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly topicsToWake = new Set<string>();
  private wokenAt = 0;
  private wakeTimer: NodeJS.Timeout | undefined;
  private started = false;
  private fatal: Error | undefined;
  private fatalListener: ((error: Error) => void) | undefined;
  private closing: Promise<void> | undefined;

  constructor(private readonly options: PostgresTransportOptions) {
    const leaseMs = options.leaseMs ?? 10_000;
    this.connection = new Connection(options.connection);
    // A connection of its own: positions must not wait behind reads.
    this.commitConnection = new Connection(options.connection, { max: 1 });
    this.view = { connection: this.connection, cache: this.cache, heads: this.heads };
    this.appender = new Appender(
      this.connection,
      (topic) => this.partitionCount(topic),
      (topics) => this.wakeFor(topics),
      (records) => this.appended(records),
    );
    this.commits = new OffsetCommits(this.commitConnection, this.instance);
    this.groups = new Groups(this.connection, this.instance, (topic) => this.partitionCount(topic), {
      leaseMs,
      beatEveryMs: leaseMs / 4,
    });
    this.notifications = new Notifications(options.connection, {
      records: () => void this.look(),
      groups: (from) => from !== this.instance && this.groups.soon(),
      connected: () => this.reconnected(),
    });
  }

  async start(topics: readonly TopicSpec[]): Promise<void> {
    await this.connection.query(
      'topics',
      `INSERT INTO log.heads (topic, partition)
       SELECT t.name, p FROM unnest($1::text[], $2::integer[]) AS t (name, partitions), generate_series(0, t.partitions - 1) AS p
        WHERE NOT EXISTS (SELECT FROM log.heads h WHERE h.topic = t.name)
       ON CONFLICT DO NOTHING`,
      [topics.map(({ name }) => name), topics.map(({ partitions }) => partitions)],
    );
    await this.readHeads();
    for (const { name, partitions } of topics) {
      const there = this.partitionCount(name);
      if (there !== partitions) {
        throw new Error(
          `Topic '${name}' has ${there} partitions, not ${partitions}: the number never changes in place. Set CUSTOMER_PARTITIONS=${there}.`,
        );
      }
    }
    if (this.started) return;
    // Begins anew when it failed: only what is started further down goes on by itself.
    await this.groups.beginBeating();
    this.started = true;
    this.notifications.start();
    this.timers.push(
      setInterval(() => void this.look(), this.options.pollEveryMs ?? 1_000),
      setInterval(() => void this.retain(), retentionEveryMs),
    );
    void this.retain();
  }

  publish(records: readonly OutgoingRecord[]): Promise<void> {
    if (!this.started || this.closing) {
      return Promise.reject(
        new TransportUnavailableError(`The ${this.name} is ${this.closing ? 'closed' : 'not started'}.`),
      );
    }
    return this.appender.publish(records);
  }

  async consume(subscription: Subscription): Promise<GroupMember> {
    const guarded = { ...subscription, sink: guardedSink(subscription.sink, this.fail) };
    const membership = new Membership(guarded, this.view, this.commits, async (closed) => {
      this.memberships.delete(closed);
      await this.groups.leave(closed);
    });
    this.memberships.add(membership);
    try {
      await this.groups.join(membership);
    } catch (error) {
      membership.abandon();
      this.memberships.delete(membership);
      throw error;
    }
    return membership;
  }

  async broadcast(subscription: BroadcastSubscription): Promise<{ close(): Promise<void> }> {
    const { topic, onConnect, onRecord } = guardedBroadcast(subscription, this.fail);
    await this.readHeads();
    const readers = new Map<number, PartitionReader>();
    for (let partition = 0; partition < this.partitionCount(topic); partition += 1) {
      const from = this.heads.get(`${topic} ${partition}`) ?? 0;
      const reader = new PartitionReader(this.view, topic, partition, from, (records) => {
        for (const record of records) onRecord(record);
        return true;
      });
      readers.set(partition, reader);
    }
    const broadcast = { topic, readers, onConnect };
    onConnect();
    this.broadcasts.add(broadcast);
    return {
      close: () => {
        this.broadcasts.delete(broadcast);
        for (const reader of readers.values()) reader.stop();
        return Promise.resolve();
      },
    };
  }

  async ping(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new TransportUnavailableError('The log in PostgreSQL does not answer.')),
        2_000,
      );
    });
    try {
      await Promise.race([this.connection.query('ping', 'SELECT 1'), patience]);
    } finally {
      clearTimeout(timer);
    }
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  /** Only a receiver that throws is fatal: PostgreSQL is waited for as long as it takes. */
  onFatal(listener: (error: Error) => void): void {
    this.fatalListener = listener;
    if (this.fatal) listener(this.fatal);
  }

  private readonly fail = (error: Error): void => {
    if (this.fatal) return;
    this.fatal = error;
    this.fatalListener?.(error);
  };

  private async shutDown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    clearTimeout(this.wakeTimer);
    await this.appender.flush();
    await this.commits.flush();
    await Promise.all([...this.memberships].map((membership) => membership.close()));
    for (const { readers } of this.broadcasts) for (const reader of readers.values()) reader.stop();
    if (this.started) await this.groups.close();
    await this.notifications.close();
    await Promise.all([this.connection.end(), this.commitConnection.end()]);
  }

  private partitionCount(topic: string): number {
    const count = this.partitions.get(topic);
    if (count === undefined)
      throw new Error(`Topic '${topic}' is not in the log: it must be named at start.`);
    return count;
  }

  private appended(records: readonly LogRecord[]): void {
    const { topic, partition } = records[0]!;
    const name = `${topic} ${partition}`;
    this.cache.append(name, records);
    this.heads.set(name, Math.max(this.heads.get(name) ?? 0, records.at(-1)!.offset + 1));
    this.wake(topic, partition);
  }

  private wake(topic: string, partition: number): void {
    for (const membership of this.memberships) {
      if (membership.subscription.topic === topic) membership.wake(partition);
    }
    for (const broadcast of this.broadcasts) {
      if (broadcast.topic === topic) broadcast.readers.get(partition)?.wake();
    }
  }

  /** Topics that this append tells other processes of; the rest is told a little later. */
  private wakeFor(topics: ReadonlySet<string>): string | null {
    if (!this.groups.hasCompany) return null;
    for (const topic of topics) this.topicsToWake.add(topic);
    const now = performance.now();
    if (now - this.wokenAt < wakeEveryMs) {
      this.wakeTimer ??= setTimeout(() => void this.wakeOthers(), wakeEveryMs);
      return null;
    }
    return this.takeTopicsToWake();
  }

  private takeTopicsToWake(): string {
    const topics = [...this.topicsToWake].join(',');
    this.topicsToWake.clear();
    this.wokenAt = performance.now();
    return topics;
  }

  private async wakeOthers(): Promise<void> {
    this.wakeTimer = undefined;
    if (this.topicsToWake.size === 0) return;
    try {
      await this.connection.query('wake', `SELECT pg_notify('clawdesk_log', $1)`, [this.takeTopicsToWake()]);
    } catch (error) {
      log.debug({ err: error }, 'Other processes were not woken; they look by themselves');
    }
  }

  /** Learns where the partitions end now, and wakes whoever is behind. */
  private async look(): Promise<void> {
    try {
      await this.readHeads();
    } catch (error) {
      log.debug({ err: error }, 'Could not look for new records');
    }
    for (const membership of this.memberships) membership.wake();
    for (const { readers } of this.broadcasts) for (const reader of readers.values()) reader.wake();
  }

  private async readHeads(): Promise<void> {
    const rows = await this.connection.query<{ topic: string; partition: number; next_offset: string }>(
      'heads',
      'SELECT topic, partition, next_offset FROM log.heads',
    );
    for (const { topic, partition, next_offset } of rows) {
      const name = `${topic} ${partition}`;
      this.heads.set(name, Math.max(this.heads.get(name) ?? 0, Number(next_offset)));
      this.partitions.set(topic, Math.max(this.partitions.get(topic) ?? 0, partition + 1));
    }
  }

  private reconnected(): void {
    void this.look();
    this.groups.soon();
    for (const { onConnect } of this.broadcasts) onConnect();
  }

  private async retain(): Promise<void> {
    try {
      await this.connection.query('ahead', 'SELECT log.create_segments(3)');
      await this.connection.query('drop', 'SELECT log.drop_segments($1)', [this.options.retentionDays ?? 7]);
    } catch (error) {
      log.warn({ err: error }, 'Segments of the log were not looked after; trying again within the hour');
    }
  }
}
