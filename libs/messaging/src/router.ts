import { allTopics } from '@clawdesk/envelope';
import type { Database } from '@clawdesk/database';
import { Breakers, type BreakerTiming } from './breaker.js';
import { BroadcastListener } from './broadcast-listener.js';
import { buildChain } from './chain.js';
import { GroupConsumer, type GroupConsumerOptions } from './group-consumer.js';
import { TransportUnavailableError } from './failures.js';
import type { RetryTiming } from './middleware/retry.js';
import { registerHandlers, type BroadcastHandler, type FoundHandler } from './registry.js';
import type { LogRecord, Transport } from './transport.js';
import { Watchdog, type WatchdogOptions } from './watchdog.js';

export interface RouterOptions {
  transport: Transport;
  database: Database;
  /** Services that run in this process: their handlers must be complete. */
  services: readonly string[];
  /** Called once when the process must end: a sentence for people is in the error. */
  onFatal(error: Error): void;
  retry?: RetryTiming;
  breakers?: BreakerTiming;
  consumer?: GroupConsumerOptions;
  watchdog?: WatchdogOptions;
  /** Milliseconds that running handlers get on close. @default 20000 */
  drainMs?: number;
}

/** All topics with their dead-letter topics, for creation at start. */
export function topicSpecs(customerPartitions: number): { name: string; partitions: number }[] {
  return allTopics.flatMap((topic) => [
    { name: topic.name, partitions: topic.broadcast ? 1 : customerPartitions },
    ...(topic.groups.length > 0 ? [{ name: topic.deadLetterTopic, partitions: 1 }] : []),
  ]);
}

/** Connects handlers with the log. */
export class Router {
  readonly breakers: Breakers;
  private readonly consumers: GroupConsumer[] = [];
  private readonly subscriptions: { close(): Promise<void> }[] = [];
  private watchdog: Watchdog | undefined;
  private readonly closing = new AbortController();

  constructor(private readonly options: RouterOptions) {
    const { transport, database } = options;
    this.breakers = new Breakers(
      { log: () => transport.ping(), database: () => database.ping() },
      options.breakers,
    );
  }

  /**
   * Joins all groups.
   * @throws {HandlersIncompleteError} when handlers are missing or doubled.
   */
  async start(found: readonly FoundHandler[]): Promise<void> {
    const { transport, onFatal } = this.options;
    const { groups, broadcasts } = registerHandlers(found, this.options.services);
    const handle = buildChain({ ...this.options, breakers: this.breakers });
    transport.onFatal(onFatal);
    await Promise.all(
      groups.map(async (handler) => {
        const consumer = new GroupConsumer(handler, handle, onFatal, this.options.consumer);
        this.consumers.push(consumer);
        consumer.joined(
          await transport.consume({
            group: handler.options.group,
            topic: handler.topic.name,
            sink: consumer,
          }),
        );
      }),
    );
    for (const broadcast of broadcasts) this.subscriptions.push(await this.listen(broadcast));
    this.watchdog = new Watchdog(this.consumers, this.breakers, onFatal, this.options.watchdog);
  }

  /** Lets running handlers finish, commits, leaves the groups. Idempotent. */
  async close(): Promise<void> {
    if (this.closing.signal.aborted) return;
    this.closing.abort(new Error('The router is closing'));
    this.watchdog?.stop();
    await Promise.all([
      ...this.consumers.map((consumer) => consumer.close(this.options.drainMs ?? 20_000)),
      ...this.subscriptions.map((subscription) => subscription.close()),
    ]);
  }

  private listen(handler: BroadcastHandler): Promise<{ close(): Promise<void> }> {
    const listener = new BroadcastListener(handler, this.closing.signal, this.options.retry);
    const subscription = {
      topic: handler.topic.name,
      onConnect: () => listener.reload(),
      onRecord: (record: LogRecord) => listener.take(record),
    };
    return this.insist(() => this.options.transport.broadcast(subscription));
  }

  /** Tries again while the log is away. */
  private async insist<T>(join: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await join();
      } catch (error) {
        if (!(error instanceof TransportUnavailableError)) throw error;
        const breaker = this.breakers.of(error.dependency);
        breaker.trip(error);
        await breaker.closed(this.closing.signal);
      }
    }
  }
}
