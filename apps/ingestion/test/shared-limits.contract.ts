import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisConnection } from '@clawdesk/host';
import { redisMissing, startRedis, until, type TestRedis } from '@clawdesk/testing';
import { ingestionConfig } from '../src/ingestion.config.js';
import { RateLimiter } from '../src/rate-limiter.js';
import { RedisBuckets } from '../src/redis-buckets.js';

const missing = redisMissing();
const title = 'rate limits that replicas share in Redis';

describe.skipIf(missing !== undefined)(missing ? `${title} (${missing})` : title, () => {
  let server: TestRedis;
  const connections: RedisConnection[] = [];
  const connected = async (): Promise<Required<RedisConnection>['client'] & object> => {
    const connection = new RedisConnection(server.url);
    connections.push(connection);
    await until(() => connection.client?.status === 'ready', { what: 'a connection to Redis' });
    return connection.client!;
  };
  const replica = async (): Promise<RateLimiter> => {
    await connected();
    return new RateLimiter(connections.at(-1)!);
  };

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    await Promise.all(connections.map((connection) => connection.close()));
    await server.stop();
  });

  /** Asks the replicas in turn. @returns how many messages were let through */
  async function letThrough(
    replicas: readonly RateLimiter[],
    { tenant, visitor, times }: { tenant: string; visitor: string; times: number },
  ): Promise<number> {
    let count = 0;
    for (let i = 0; i < times; i += 1) {
      await replicas[i % replicas.length]!.message(tenant, visitor).then(
        () => (count += 1),
        (problem: unknown) => expect(problem).toMatchObject({ status: 429 }),
      );
    }
    return count;
  }

  it('hold for all replicas together, and for each visitor and tenant apart', async () => {
    const { burst, perSecond } = ingestionConfig({}).visitor;
    const replicas = [await replica(), await replica()];
    const visitor = randomUUID();
    const started = Date.now();
    const through = await letThrough(replicas, { tenant: 'default', visitor, times: 3 * burst });
    const refilled = Math.ceil(((Date.now() - started) / 1000) * perSecond);
    expect(through).toBeGreaterThanOrEqual(burst);
    // Each replica by itself would have let a whole burst through.
    expect(through).toBeLessThanOrEqual(burst + refilled);
    expect(await letThrough(replicas, { tenant: 'default', visitor: randomUUID(), times: 1 })).toBe(1);
    expect(await letThrough(replicas, { tenant: 'acme', visitor, times: 1 })).toBe(1);
  });

  it('take from no bucket when one is empty, say how long to wait, and fill again', async () => {
    const buckets = new RedisBuckets(await connected());
    const group = randomUUID();
    const narrow = { key: 'narrow', perSecond: 10, burst: 1 };
    const wide = { key: 'wide', perSecond: 0.001, burst: 2 };
    expect(await buckets.take(group, [narrow, wide])).toBe(0);
    const wait = await buckets.take(group, [narrow, wide]);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(100);
    // The refused call took nothing from the wide bucket: one token is left in it.
    expect(await buckets.take(group, [wide])).toBe(0);
    expect(await buckets.take(group, [wide])).toBeGreaterThan(1_000);
    await until(async () => (await buckets.take(group, [narrow])) === 0, {
      what: 'the narrow bucket to fill',
    });
  });

  it('forget the buckets of visitors who went away', async () => {
    const redis = await connected();
    const group = randomUUID();
    await new RedisBuckets(redis).take(group, [{ key: 'visitor', perSecond: 100, burst: 1 }]);
    const name = `clawdesk:rate:{${group}}:visitor`;
    expect(await redis.exists(name)).toBe(1);
    await until(async () => (await redis.exists(name)) === 0, { what: 'the bucket to be forgotten' });
  });

  it('still hold, replica by replica, while Redis is gone, and together when it is back', async () => {
    const { burst } = ingestionConfig({}).visitor;
    const replicas = [await replica()];
    await server.kill9();
    const visitor = randomUUID();
    const times = 3 * burst;
    const alone = await letThrough(replicas, { tenant: 'default', visitor, times });
    expect(alone).toBeGreaterThanOrEqual(burst);
    expect(alone).toBeLessThan(times);
    await server.startAgain();
    const redis = await connected();
    await until(
      async () => {
        await letThrough(replicas, { tenant: 'default', visitor: randomUUID(), times: 1 });
        return (await redis.dbsize()) > 0;
      },
      { what: 'limits to be in Redis again', timeoutMs: 30_000 },
    );
  });
});
