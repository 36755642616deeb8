import {
  StaleAssignmentError,
  TransportUnavailableError,
  type GroupMember,
  type Subscription,
} from '@clawdesk/messaging';
import { logger } from '@clawdesk/tracing';
import type {
  Consumer,
  ConsumerCrashEvent,
  ConsumerGroupJoinEvent,
  ConsumerStartBatchProcessEvent,
  EachBatchPayload,
  Kafka,
} from 'kafkajs';
import type { AdminConnection } from './admin-connection.js';
import { CommitGate } from './commit-gate.js';
import { consumerSettings } from './consumer-settings.js';
import { crashSentence } from './crash.js';
import { causeOf, isStaleMember } from './kafka-errors.js';
import type { KafkaConfig } from './kafka.config.js';
import { lagOf } from './lag.js';
import { recordOf } from './record.js';
import { RunningConsumer } from './running-consumer.js';
import { SilentOffsets } from './silent-offsets.js';
import { stickyAssigner } from './sticky-assigner.js';

const log = logger('transport-kafka');
/** Records handed over at once: between two portions the sink can say that it has enough. */
const portion = 200;
const commitEveryMs = 100;

type CommitNow = EachBatchPayload['commitOffsetsIfNecessary'];

/** One kafkajs consumer: hands batches to the sink and returns at once, so heartbeats go on whatever the lanes do. */
export class GroupMembership implements GroupMember {
  private readonly consumer: Consumer;
  private readonly running: RunningConsumer;
  private readonly gate: CommitGate;
  private assignment = 0;
  private memberId: string | undefined;
  private held: readonly number[] = [];
  /** Between a join and the next rebalance or crash. */
  private live = false;
  private settleStart: () => void = () => undefined;
  /** Joins asked for since the last assignment: after several, a generation may have passed without us. */
  private joins = 0;
  private readonly paused = new Set<number>();
  /** Brokers ever fetched from. */
  private readonly fetchedFrom = new Set<string>();
  /** Offsets that hold nothing for the sink, so that it never commits past them. */
  private readonly silent = new SilentOffsets();
  /** Partitions whose next batch may have been fetched under the previous assignment. */
  private readonly suspect = new Set<number>();
  /** kafkajs's unretried commit: under the assignment in force or not at all. */
  private commitNow: CommitNow | undefined;
  private closing: Promise<void> | undefined;

  constructor(
    kafka: Kafka,
    private readonly config: KafkaConfig,
    private readonly admin: AdminConnection,
    private readonly subscription: Subscription,
    private readonly onFatal: (error: Error) => void,
  ) {
    const { group, topic } = subscription;
    this.consumer = kafka.consumer({
      ...consumerSettings(config, () => this.closing !== undefined),
      groupId: group,
      partitionAssigners: [stickyAssigner({ topic, held: () => this.held, joining: () => this.joining() })],
    });
    this.running = new RunningConsumer(this.consumer);
    this.gate = new CommitGate((offsets) => this.send(offsets), commitEveryMs);
    this.listen();
  }

  /** Connects and joins; resolves with the first assignment, when the process counts as ready, or when it is closed before. */
  async start(): Promise<void> {
    const settled = new Promise<void>((resolve) => (this.settleStart = resolve));
    await this.running.run(
      this.subscription.topic,
      true,
      (payload) => this.take(payload),
      (error) => this.onFatal(causeOf(error)),
    );
    await settled;
  }

  async commit(assignment: number, offsets: ReadonlyMap<number, number>): Promise<void> {
    this.mustHold(assignment, offsets.keys());
    if (offsets.size > 0) await this.gate.add(offsets);
  }

  resume(partition: number): void {
    if (!this.paused.delete(partition) || this.closing) return;
    this.consumer.resume([{ topic: this.subscription.topic, partitions: [partition] }]);
  }

  lag(): Promise<number> {
    return lagOf(this.admin, this.config, this.subscription, this.held, this.silent);
  }

  close(): Promise<void> {
    this.closing ??= this.leave();
    return this.closing;
  }

  private async leave(): Promise<void> {
    await this.gate.flush();
    this.live = false;
    await this.running.leave();
    this.settleStart();
  }

  private mustHold(assignment: number, partitions: Iterable<number>): void {
    const all = [...partitions];
    if (
      !this.live ||
      this.closing ||
      assignment !== this.assignment ||
      all.some((partition) => !this.held.includes(partition))
    ) {
      throw new StaleAssignmentError(this.subscription.group);
    }
  }

  private async send(offsets: ReadonlyMap<number, number>): Promise<void> {
    const { group, topic } = this.subscription;
    if (!this.live || !this.commitNow) throw new StaleAssignmentError(group);
    try {
      await this.commitNow({
        topics: [
          {
            topic,
            partitions: [...offsets].map(([partition, offset]) => ({ partition, offset: String(offset) })),
          },
        ],
      });
    } catch (error) {
      if (isStaleMember(error)) throw new StaleAssignmentError(group);
      throw new TransportUnavailableError(
        `Kafka did not take the positions of group '${group}': ${causeOf(error).message}`,
        {
          cause: error,
        },
      );
    }
  }

  private listen(): void {
    const { events } = this.consumer;
    this.consumer.on(
      events.FETCH_START,
      this.safely(({ payload }) => this.fetchedFrom.add(String(payload.nodeId))),
    );
    this.consumer.on(
      events.START_BATCH_PROCESS,
      this.safely(({ payload }: ConsumerStartBatchProcessEvent) => {
        if (payload.batchSize === 0)
          this.silent.add(payload.partition, payload.firstOffset, payload.lastOffset);
      }),
    );
    this.consumer.on(
      events.REBALANCING,
      this.safely(() => this.interrupt()),
    );
    this.consumer.on(
      events.DISCONNECT,
      this.safely(() => this.interrupt()),
    );
    this.consumer.on(
      events.STOP,
      this.safely(() => this.interrupt()),
    );
    this.consumer.on(
      events.GROUP_JOIN,
      this.safely((event: ConsumerGroupJoinEvent) => this.joined(event)),
    );
    this.consumer.on(
      events.CRASH,
      this.safely((event: ConsumerCrashEvent) => this.crashed(event)),
    );
  }

  /** kafkajs stops restarting its consumer, without a word, when a listener throws. */
  private safely<E>(listener: (event: E) => unknown): (event: E) => void {
    return (event) => {
      try {
        listener(event);
      } catch (error) {
        this.onFatal(causeOf(error));
      }
    };
  }

  private joining(): void {
    this.joins += 1;
    this.interrupt();
  }

  private interrupt(): void {
    if (!this.live) return;
    this.live = false;
    // Positions of this assignment must not be sent under the next: somebody else may be further by then.
    this.gate.discard(new StaleAssignmentError(this.subscription.group));
    if (!this.closing) this.subscription.sink.rebalancing();
  }

  private joined({ payload }: ConsumerGroupJoinEvent): void {
    if (this.closing) return;
    const { sink, topic, group } = this.subscription;
    const partitions = [...(payload.memberAssignment[topic] ?? [])].sort((a, b) => a - b);
    const unbroken = this.memberId === payload.memberId && this.joins === 1;
    this.suspect.clear();
    // With several brokers a batch fetched before the join, or before the one before, may still be on its way; it would
    // hide what lies before it.
    if (this.fetchedFrom.size > 1) for (const partition of partitions) this.suspect.add(partition);
    if (this.paused.size > 0) this.consumer.resume([{ topic, partitions: [...this.paused] }]);
    this.paused.clear();
    // Others may have held our partitions in between: nothing that is in flight here counts any more.
    if (!unbroken && this.held.length > 0) sink.assigned([], ++this.assignment);
    this.memberId = payload.memberId;
    this.joins = 0;
    this.held = partitions;
    this.live = true;
    log.info({ group, partitions: partitions.length }, 'Joined the consumer group');
    sink.assigned(partitions, ++this.assignment);
    this.settleStart();
  }

  private crashed({ payload: { error, restart } }: ConsumerCrashEvent): void {
    this.interrupt();
    if (restart || this.closing) return;
    this.onFatal(crashSentence(error, this.subscription.topic, this.subscription.group));
  }

  private take({ batch, resolveOffset, commitOffsetsIfNecessary, pause }: EachBatchPayload): Promise<void> {
    const { partition } = batch;
    // What is not resolved is fetched again.
    if (!this.live || this.closing || !this.held.includes(partition) || this.paused.has(partition))
      return Promise.resolve();
    this.commitNow = commitOffsetsIfNecessary;
    const behind = Number(batch.messages.at(-1)!.offset) + 1;
    this.silent.add(partition, behind, batch.lastOffset());
    if (this.suspect.delete(partition)) return Promise.resolve();
    for (let start = 0; start < batch.messages.length; start += portion) {
      const messages = batch.messages.slice(start, start + portion);
      const wantsMore = this.subscription.sink.accept(
        partition,
        messages.map((message) => recordOf(batch.topic, partition, message)),
      );
      resolveOffset(messages.at(-1)!.offset);
      if (wantsMore) continue;
      this.paused.add(partition);
      pause();
      break;
    }
    return Promise.resolve();
  }
}
