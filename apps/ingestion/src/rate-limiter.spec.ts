import { describe, expect, it } from 'vitest';
import { Problem, RedisConnection } from '@clawdesk/host';
import { RedisBuckets, type ScriptRunner } from './redis-buckets.js';
import { RateLimiter } from './rate-limiter.js';
import { ingestionConfig } from './ingestion.config.js';

async function allowed(
  limiter: RateLimiter,
  tenant: string,
  visitor: string,
  times: number,
): Promise<number> {
  let count = 0;
  for (let i = 0; i < times; i++) {
    await limiter.message(tenant, visitor).then(
      () => (count += 1),
      (error: unknown) => expect(error).toBeInstanceOf(Problem),
    );
  }
  return count;
}

describe('RateLimiter', () => {
  it('limits visitors of two tenants apart from each other', async () => {
    const limiter = new RateLimiter(new RedisConnection(undefined));
    const { burst } = ingestionConfig({}).visitor;
    expect(await allowed(limiter, 'default', 'v', burst + 5)).toBeLessThan(burst + 5);
    expect(await allowed(limiter, 'acme', 'v', 1)).toBe(1);
  });

  it('still limits while Redis does not answer', async () => {
    const redis = new RedisConnection('redis://127.0.0.1:1');
    const { burst } = ingestionConfig({}).visitor;
    expect(await allowed(new RateLimiter(redis), 'default', 'v', burst + 5)).toBeLessThan(burst + 5);
    await redis.close();
  });
});

describe('RedisBuckets', () => {
  it('sends the script once and names it afterwards; keys of one call share a hash tag', async () => {
    const calls: string[] = [];
    let known = false;
    const redis: ScriptRunner = {
      evalsha: (_sha, keys, ...args) => {
        calls.push(`evalsha ${args.slice(0, keys).join(' ')}`);
        return known ? Promise.resolve(250) : Promise.reject(new Error('NOSCRIPT No matching script.'));
      },
      eval: () => {
        known = true;
        calls.push('eval');
        return Promise.resolve(0);
      },
    };
    const buckets = new RedisBuckets(redis);
    const wanted = ['visitor:v', 'tenant'].map((key) => ({ key, perSecond: 1, burst: 1 }));
    expect([await buckets.take('acme', wanted), await buckets.take('acme', wanted)]).toEqual([0, 250]);
    const asked = 'evalsha clawdesk:rate:{acme}:visitor:v clawdesk:rate:{acme}:tenant';
    expect(calls).toEqual([asked, 'eval', asked]);
  });
});

describe('ingestionConfig', () => {
  it('names every wrong variable', () => {
    const env = { RATE_VISITOR_PER_S: 'fast', RATE_TENANT_BURST: '0' };
    expect(() => ingestionConfig(env)).toThrow(/RATE_VISITOR_PER_S[^]*RATE_TENANT_BURST/);
  });
});
