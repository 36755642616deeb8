import { randomUUID } from 'node:crypto';
import type { BroadcastSubscription } from '@clawdesk/messaging';
import { logger } from '@clawdesk/tracing';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { AdminConnection } from './admin-connection.js';
import { consumerSettings } from './consumer-settings.js';
import { crashSentence } from './crash.js';
import { causeOf } from './kafka-errors.js';
import type { KafkaConfig } from './kafka.config.js';
import { recordOf } from './record.js';
import { RunningConsumer } from './running-consumer.js';

const log = logger('transport-kafka');

/**
 * Reads a topic from now on, for this replica alone. kafkajs reads through a group only, so it has one of its own
 * that never commits: the position is kept here, set on each join, and Kafka drops the group once it is empty.
 * `onConnect` is called on each join; a connection that comes back without one goes on at the position and missed nothing.
 */
export class BroadcastListener {
  private readonly group: string;
  private readonly consumer: Consumer;
  private readonly running: RunningConsumer;
  /** Next offset to read, by partition. */
  private positions = new Map<number, number>();
  private connected = false;
  private closing: Promise<void> | undefined;

  constructor(
    kafka: Kafka,
    config: KafkaConfig,
    private readonly admin: AdminConnection,
    private readonly subscription: BroadcastSubscription,
    private readonly onFatal: (error: Error) => void,
  ) {
    this.group = `broadcast.${config.clientId}.${randomUUID()}`;
    this.consumer = kafka.consumer({
      ...consumerSettings(config, () => this.closing !== undefined),
      groupId: this.group,
    });
    this.running = new RunningConsumer(this.consumer);
  }

  /** Resolves when every record written from now on will be heard. */
  async start(): Promise<void> {
    const { topic, onConnect } = this.subscription;
    const ends = await this.admin.use((admin) => admin.fetchTopicOffsets(topic));
    this.positions = new Map(ends.map(({ partition, high }) => [partition, Number(high)]));
    const { events } = this.consumer;
    this.consumer.on(events.GROUP_JOIN, () => this.safely(() => this.joined()));
    this.consumer.on(events.CRASH, ({ payload: { error, restart } }) => {
      if (!restart && !this.closing) this.onFatal(crashSentence(error, topic, this.group));
    });
    this.safely(onConnect);
    await this.running.run(
      topic,
      false,
      (payload) => this.take(payload),
      (error) => this.onFatal(causeOf(error)),
    );
  }

  close(): Promise<void> {
    this.closing ??= this.leave();
    return this.closing;
  }

  private async leave(): Promise<void> {
    await this.running.leave();
    try {
      await this.admin.use((admin) => admin.deleteGroups([this.group]));
    } catch (error) {
      log.debug(
        { err: error, group: this.group },
        'The group of a broadcast was not deleted; Kafka drops it by itself',
      );
    }
  }

  private joined(): void {
    if (this.closing) return;
    const { topic, onConnect } = this.subscription;
    for (const [partition, offset] of this.positions)
      this.consumer.seek({ topic, partition, offset: String(offset) });
    if (this.connected) onConnect();
    this.connected = true;
  }

  private take({ batch, resolveOffset }: EachBatchPayload): Promise<void> {
    if (this.closing) return Promise.resolve();
    const { topic, partition, messages } = batch;
    const position = this.positions.get(partition) ?? 0;
    for (const message of messages) {
      if (Number(message.offset) >= position)
        this.safely(() => this.subscription.onRecord(recordOf(topic, partition, message)));
      resolveOffset(message.offset);
    }
    const last = messages.at(-1);
    if (last) this.positions.set(partition, Math.max(position, Number(last.offset) + 1));
    return Promise.resolve();
  }

  /** A listener that throws would end kafkajs's consumer without a word. */
  private safely(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.onFatal(causeOf(error));
    }
  }
}
