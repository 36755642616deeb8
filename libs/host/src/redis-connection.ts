import { Redis } from 'ioredis';
import { logger } from '@clawdesk/tracing';

const log = logger('host');

/** Redis, when `REDIS_URL` is set. It never holds the only copy of anything: every user has a way without it. */
export class RedisConnection {
  readonly client: Redis | undefined;
  private down = false;

  constructor(url: string | undefined) {
    if (!url) return;
    this.client = new Redis(url, {
      // Commands fail at once while Redis is away: callers fall back instead of waiting.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: 200,
      connectTimeout: 2_000,
      retryStrategy: (attempt) => Math.min(5_000, 100 * 2 ** Math.min(attempt, 6)),
    });
    const { host } = new URL(url);
    this.client.on('error', (error) => {
      if (!this.down)
        log.warn(`Redis does not answer at ${host}; going on without it. Start it, or correct REDIS_URL.`);
      log.debug({ err: error }, 'Why Redis does not answer');
      this.down = true;
    });
    this.client.on('ready', () => {
      if (this.down) log.info('Redis is back');
      this.down = false;
    });
  }

  async close(): Promise<void> {
    this.client?.disconnect();
  }
}
