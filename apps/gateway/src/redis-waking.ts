import type { RedisConnection } from '@clawdesk/host';
import { logger } from '@clawdesk/tracing';

const log = logger('gateway');

type Redis = NonNullable<RedisConnection['client']>;

export interface RedisListeners {
  onMessage(text: string): void;
  /** Subscribed (again): something may have been missed. */
  onConnect(): void;
}

/** Wake-ups through Redis Pub/Sub: faster than NOTIFY and no load on the database. Nothing depends on it. */
export class RedisWaking {
  private subscriber: Redis | undefined;

  constructor(
    private readonly client: Redis,
    private readonly channel: string,
    private readonly listeners: RedisListeners,
  ) {}

  async start(): Promise<void> {
    // Subscriptions come back by themselves after a lost connection.
    const subscriber = (this.subscriber = this.client.duplicate({
      lazyConnect: true,
      enableOfflineQueue: true,
    }));
    subscriber.on('error', (error: Error) => log.debug({ err: error }, 'Wake-ups do not come through Redis'));
    subscriber.on('message', (_channel: string, text: string) => this.listeners.onMessage(text));
    subscriber.on('ready', () => {
      subscriber.subscribe(this.channel).then(
        () => this.listeners.onConnect(),
        (error: unknown) => log.debug({ err: error }, 'Wake-ups do not come through Redis'),
      );
    });
    await subscriber.connect().catch(() => undefined);
  }

  /** @returns how many were reached, 0 when Redis does not answer. */
  async publish(text: string): Promise<number> {
    try {
      return await this.client.publish(this.channel, text);
    } catch (error) {
      log.debug({ err: error }, 'Redis does not answer; NOTIFY wakes the others');
      return 0;
    }
  }

  stop(): void {
    this.subscriber?.disconnect();
  }
}
