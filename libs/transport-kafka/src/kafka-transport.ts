import { connect as connectPlain, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import {
  TransportUnavailableError,
  type BroadcastSubscription,
  type GroupMember,
  type OutgoingRecord,
  type Subscription,
  type TopicSpec,
  type Transport,
} from '@clawdesk/messaging';
import { logger } from '@clawdesk/tracing';
import kafkajs, {
  type ISocketFactory,
  type Kafka,
  type Producer,
  type RetryOptions,
  type SASLOptions,
} from 'kafkajs';
import { AdminConnection } from './admin-connection.js';
import { BroadcastListener } from './broadcast-listener.js';
import { clientLog } from './client-log.js';
import { GroupMembership } from './group-membership.js';
import type { KafkaConfig } from './kafka.config.js';
import { isRefusal, publishFailure, unavailable } from './kafka-errors.js';
import { PublishQueue } from './publish-queue.js';
import { topicMessages } from './record.js';
import { mendRequestQueue } from './request-queue.js';
import { tenantPartitioner } from './tenant-partitioner.js';
import { TopicMismatchError, ensureTopics } from './topics.js';

const log = logger('transport-kafka');
const pingLimitMs = 2_000;
/** Whoever publishes or asks wants an answer soon; consumers have time. */
const briefRetry: RetryOptions = { initialRetryTime: 100, maxRetryTime: 500, retries: 2 };

/** kafkajs leaves Nagle's algorithm on, which holds small requests back. */
const undelayedSocket: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const socket = ssl
    ? connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }), ...ssl }, onConnect)
    : connectPlain({ host, port }, onConnect);
  socket.setKeepAlive(true, 60_000);
  socket.setNoDelay(true);
  // While it connects, Node adds a listener for each request that kafkajs writes already, and warns of a leak after ten.
  socket.setMaxListeners(0);
  return socket;
};

/** Half of what a publish may take, so that a request that is lost can be sent again in time. */
const publishRequestMs = ({ publishTimeoutMs }: KafkaConfig): number =>
  Math.min(8_000, Math.max(1_000, publishTimeoutMs / 2));

const client = (config: KafkaConfig, retry: RetryOptions, requestTimeout = 8_000): Kafka =>
  new kafkajs.Kafka({
    brokers: config.brokers,
    clientId: config.clientId,
    ssl: config.ssl,
    ...(config.sasl ? { sasl: config.sasl as SASLOptions } : {}),
    connectionTimeout: 2_000,
    requestTimeout,
    retry,
    socketFactory: undelayedSocket,
    logLevel: kafkajs.logLevel.WARN,
    logCreator: clientLog,
  });

/** The log in Apache Kafka, through kafkajs. One per process. */
export class KafkaTransport implements Transport {
  readonly name: string;
  private readonly brokers: string;
  private readonly patientKafka: Kafka;
  private readonly admin: AdminConnection;
  private readonly queue: PublishQueue;
  private readonly members = new Set<GroupMembership | BroadcastListener>();
  private producer: Producer | undefined;
  private started = false;
  private closing: Promise<void> | undefined;
  private fatal: Error | undefined;
  private fatalListener: ((error: Error) => void) | undefined;

  constructor(private readonly config: KafkaConfig) {
    mendRequestQueue();
    this.brokers = config.brokers.join(', ');
    this.name = `Kafka at ${this.brokers}`;
    // kafkajs gives a consumer up for good when the group's coordinator cannot be found: it may be starting, or moving.
    this.patientKafka = client(config, { initialRetryTime: 100, maxRetryTime: 1_000, retries: 60 });
    this.admin = new AdminConnection(client(config, briefRetry));
    this.queue = new PublishQueue({
      send: (records) => this.send(records),
      onHang: () => this.dropProducer(),
      mayRetry: (error) => !isRefusal(error),
      asFailure: (error) => publishFailure(error, this.brokers),
      limitMs: config.publishTimeoutMs,
    });
  }

  async start(topics: readonly TopicSpec[]): Promise<void> {
    try {
      await this.admin.use((admin) => admin.describeCluster());
      this.producer ??= await this.connectProducer();
      this.started = true;
      await this.admin.use((admin) => ensureTopics(admin, topics, this.config));
    } catch (error) {
      throw error instanceof TopicMismatchError ? error : unavailable(error, this.brokers);
    }
  }

  publish(records: readonly OutgoingRecord[]): Promise<void> {
    if (this.closing || !this.started) {
      return Promise.reject(
        new TransportUnavailableError(
          `${this.name} is ${this.closing ? 'closed' : 'not connected yet'}; nothing was published.`,
        ),
      );
    }
    return this.queue.publish(records);
  }

  async consume(subscription: Subscription): Promise<GroupMember> {
    const member = new GroupMembership(this.patientKafka, this.config, this.admin, subscription, (error) =>
      this.fail(error),
    );
    await this.join(member);
    return member;
  }

  async broadcast(subscription: BroadcastSubscription): Promise<{ close(): Promise<void> }> {
    const listener = new BroadcastListener(
      this.patientKafka,
      this.config,
      this.admin,
      subscription,
      (error) => this.fail(error),
    );
    await this.join(listener);
    return listener;
  }

  async ping(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${pingLimitMs} ms`)), pingLimitMs);
    });
    try {
      await Promise.race([this.admin.use((admin) => admin.describeCluster()), limit]);
    } catch (error) {
      throw unavailable(error, this.brokers);
    } finally {
      clearTimeout(timer);
    }
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  onFatal(listener: (error: Error) => void): void {
    this.fatalListener = listener;
    if (this.fatal) listener(this.fatal);
  }

  private async shutDown(): Promise<void> {
    await Promise.all([this.queue.flush(), ...[...this.members].map((member) => member.close())]);
    await this.producer?.disconnect();
    await this.admin.close();
  }

  private fail(error: Error): void {
    if (this.fatal || this.closing) return;
    this.fatal = error;
    log.fatal({ err: error }, error.message);
    this.fatalListener?.(error);
  }

  private async join(member: GroupMembership | BroadcastListener): Promise<void> {
    if (this.closing) throw new TransportUnavailableError(`${this.name} is closed.`);
    this.members.add(member);
    try {
      await member.start();
    } catch (error) {
      this.members.delete(member);
      await member.close();
      throw unavailable(error, this.brokers);
    }
    // Closed while it joined: a process that ends must not take itself for ready.
    if (this.closing) throw new TransportUnavailableError(`${this.name} is closed.`);
  }

  private async connectProducer(): Promise<Producer> {
    const kafka = client(this.config, briefRetry, publishRequestMs(this.config));
    const producer = kafka.producer({
      // The queue sends again itself: it knows who still waits.
      retry: { retries: 0 },
      createPartitioner: tenantPartitioner,
      // kafkajs's idempotent producer loses acknowledged records when a broker stalls; doubles are recognised by their id.
      idempotent: false,
      allowAutoTopicCreation: false,
    });
    await producer.connect();
    return producer;
  }

  /** kafkajs has lost sight of a request; on a connection of its own the next one is answered. */
  private dropProducer(): void {
    const hanging = this.producer;
    this.producer = undefined;
    log.warn('Kafka did not answer a publish, not even with an error: connecting anew');
    hanging
      ?.disconnect()
      .catch((error: unknown) => log.debug({ err: error }, 'A hanging producer could not be closed'));
  }

  private async send(records: readonly OutgoingRecord[]): Promise<void> {
    this.producer ??= await this.connectProducer();
    await this.producer.sendBatch({
      acks: -1,
      // The broker's own limit, for its replicas: it says so before the request is taken for lost.
      timeout: publishRequestMs(this.config) * 0.8,
      compression:
        this.config.compression === 'gzip' ? kafkajs.CompressionTypes.GZIP : kafkajs.CompressionTypes.None,
      topicMessages: topicMessages(records),
    });
  }
}
