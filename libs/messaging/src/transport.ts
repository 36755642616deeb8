/** A record as it lies in the log. `offset` counts from 0, one by one, within the partition. */
export interface LogRecord {
  topic: string;
  partition: number;
  offset: number;
  /** Null for a record that somebody else wrote without a key. */
  key: string | null;
  headers: Readonly<Record<string, string>>;
  value: Buffer;
  /** When the log took it, milliseconds since 1970. */
  timestamp: number;
}

export interface OutgoingRecord {
  topic: string;
  key: string;
  headers: Readonly<Record<string, string>>;
  value: Buffer;
}

export interface TopicSpec {
  name: string;
  partitions: number;
}

/**
 * Takes the records of one consumer group member. All methods are called synchronously by the driver, never
 * concurrently, and must neither block nor throw.
 */
export interface RecordSink {
  /** These partitions are ours from now on, under this assignment number; it grows with each rebalance. Lists all of them. */
  assigned(partitions: readonly number[], assignment: number): void;
  /** A rebalance has begun: nothing may be committed until `assigned` is called again. */
  rebalancing(): void;
  /**
   * Records of one partition, in offset order. After a rebalance the driver reads again from the committed offset:
   * the sink recognises what it has in flight or done.
   * @returns whether the sink wants more of this partition now; after `false` the driver pauses it until `resume`.
   */
  accept(partition: number, records: readonly LogRecord[]): boolean;
}

/** Thrown by `commit` when the member no longer holds the partition under that assignment. Nothing was committed. */
export class StaleAssignmentError extends Error {
  constructor(readonly group: string) {
    super(`Consumer group '${group}': the partition was assigned anew; nothing was committed.`);
    this.name = 'StaleAssignmentError';
  }
}

export interface Subscription {
  /** Pinned, explicit name. */
  group: string;
  topic: string;
  sink: RecordSink;
}

/** One membership of a consumer group. */
export interface GroupMember {
  /**
   * Commits positions: partition → offset of the next record to read. Resolves once durable enough to survive a
   * restart of this process.
   * @throws {StaleAssignmentError} when the assignment is over.
   */
  commit(assignment: number, offsets: ReadonlyMap<number, number>): Promise<void>;
  /** Goes on fetching a partition after `accept` returned false. */
  resume(partition: number): void;
  /** Records between the committed position and the end of the log, over the partitions that this member holds. */
  lag(): Promise<number>;
  /** Leaves the group. The sink is not called any more once it resolves. Idempotent. */
  close(): Promise<void>;
}

export interface BroadcastSubscription {
  topic: string;
  /** Called on each (re)connect, before records: reload from the store whatever may have been missed. */
  onConnect(): void;
  /** Called for every record written from now on, on every replica. */
  onRecord(record: LogRecord): void;
}

/**
 * The log. Every driver passes `describeTransport` (libs/messaging/src/testing). A driver never alters a key, a header or a value.
 */
export interface Transport {
  /** For messages to people: 'Kafka at host:port', 'embedded log'. */
  readonly name: string;
  /**
   * Connects and creates missing topics.
   * @throws {TransportUnavailableError} when the log cannot be reached; may be called again.
   */
  start(topics: readonly TopicSpec[]): Promise<void>;
  /** Resolves once all records are durable, rejects with TransportUnavailableError otherwise. Safe to call concurrently; records of one key keep the order of the calls. */
  publish(records: readonly OutgoingRecord[]): Promise<void>;
  /** Joins the group. Keeps rejoining after connection losses by itself. A group that starts anew reads from the beginning. */
  consume(subscription: Subscription): Promise<GroupMember>;
  broadcast(subscription: BroadcastSubscription): Promise<{ close(): Promise<void> }>;
  /** Resolves when the log answers; rejects with TransportUnavailableError within about 2 s otherwise. */
  ping(): Promise<void>;
  /** Flushes what is being published, leaves all groups, disconnects. Idempotent. */
  close(): Promise<void>;
  /** Called at most once, when the driver can go on no more and the process must end (and be started again). */
  onFatal(listener: (error: Error) => void): void;
}
