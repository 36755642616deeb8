import { Injectable } from '@nestjs/common';
import { Problem, RedisConnection } from '@clawdesk/host';
import { counter, logger } from '@clawdesk/tracing';
import { ingestionConfig, type Rate } from './ingestion.config.js';
import { LocalBuckets, type Wanted } from './local-buckets.js';
import { RedisBuckets } from './redis-buckets.js';

const log = logger('ingestion');
const refused = counter('clawdesk_rate_limited_total', 'Requests refused because they came too fast', [
  'what',
]);

/** How long Redis is left alone after it has not answered. */
const redisPauseMs = 1_000;

/**
 * Who may do how much: buckets in Redis when there is one, shared by all replicas, else in this process. While Redis is
 * away each replica limits by itself, which is coarser but still a limit.
 */
@Injectable()
export class RateLimiter {
  private readonly config = ingestionConfig();
  private readonly local = new LocalBuckets();
  private readonly shared: RedisBuckets | undefined;
  private sharedAgainAt = 0;

  constructor(redis: RedisConnection) {
    this.shared = redis.client && new RedisBuckets(redis.client);
  }

  /** @throws {Problem} 429 when the visitor or the tenant sends too fast. */
  message(tenant: string, visitor: string): Promise<void> {
    const { config } = this;
    return this.take('messages', tenant, [
      bucket(`visitor:${visitor}`, config.visitor),
      bucket('tenant', config.tenant),
    ]);
  }

  /** @throws {Problem} 429 when too many threads are opened from this address. */
  thread(tenant: string, address: string): Promise<void> {
    return this.take('threads', tenant, [bucket(`threads:${address}`, this.config.threads)]);
  }

  private async take(what: string, tenant: string, wanted: readonly Wanted[]): Promise<void> {
    const waitMs = (await this.takeShared(tenant, wanted)) ?? this.takeLocal(tenant, wanted);
    if (waitMs === 0) return;
    refused.inc({ what });
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    throw new Problem(429, 'Too many requests', {
      detail: `Too fast: try again in ${seconds} s.`,
      headers: { 'retry-after': String(seconds) },
    });
  }

  private async takeShared(tenant: string, wanted: readonly Wanted[]): Promise<number | undefined> {
    if (!this.shared || Date.now() < this.sharedAgainAt) return undefined;
    try {
      return await this.shared.take(tenant, wanted);
    } catch (error) {
      this.sharedAgainAt = Date.now() + redisPauseMs;
      log.debug({ err: error }, 'Limiting rates without Redis');
      return undefined;
    }
  }

  private takeLocal(tenant: string, wanted: readonly Wanted[]): number {
    return this.local.take(wanted.map((each) => ({ ...each, key: `${tenant}:${each.key}` })));
  }
}

const bucket = (key: string, rate: Rate): Wanted => ({ key, ...rate });
