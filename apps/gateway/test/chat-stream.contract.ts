import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databaseConfig, migrate, roleUrls, TypeOrmDatabase } from '@clawdesk/database';
import { conversationId } from '@clawdesk/envelope';
import { RedisConnection } from '@clawdesk/host';
import { redisMissing, startPostgres, startRedis, until, type TestPostgres } from '@clawdesk/testing';
import { registry } from '@clawdesk/tracing';
import { gatewaySchema } from '../src/migrations/gateway.schema.js';
import { Retention } from '../src/retention.js';
import { startGateway, type GatewayApp } from './gateway-app.js';
import { bearer, StreamClient } from './stream-client.js';

let postgres: TestPostgres;
let database: TypeOrmDatabase;
let gateway: GatewayApp;
const clients: StreamClient[] = [];

const connect = (): Promise<TypeOrmDatabase> =>
  TypeOrmDatabase.connect({ ...roleUrls(postgres.url, postgres.secret), ...databaseConfig() });

beforeAll(async () => {
  postgres = await startPostgres();
  await migrate(postgres.url, postgres.secret, [gatewaySchema]);
  database = await connect();
  gateway = await startGateway(database);
});
afterAll(async () => {
  await gateway.stop();
  await database.close();
  await postgres.stop();
});
afterEach(() => clients.splice(0).forEach((client) => client.close()));

async function follow(
  tenant: string,
  thread: string,
  { from = gateway, lastEventId }: { from?: GatewayApp; lastEventId?: number } = {},
): Promise<StreamClient> {
  const client = await StreamClient.open(from.url, tenant, thread, lastEventId);
  clients.push(client);
  return client;
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('GET /chat/stream', () => {
  it('shows what was and then what comes, each entry with its number, kind and conversation', async () => {
    const thread = randomUUID();
    await gateway.change('default', thread, 1, 3);
    const client = await follow('default', thread);
    expect(client.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(client.response.headers.get('x-accel-buffering')).toBe('no');
    expect(client.response.headers.get('access-control-allow-origin')).toBe('*');
    await client.upTo(3);
    await gateway.change('default', thread, 4, 5);
    expect(await client.upTo(5)).toEqual(range(1, 5));
    expect(client.retry).toBeGreaterThan(0);
    expect(client.events[0]!.event).toBe('message');
    expect(JSON.parse(client.events[0]!.data)).toMatchObject({
      sequence: 1,
      conversation: conversationId('default', thread),
      text: 'default 1\n\u0000 “two lines”',
    });
  });

  it('resumes after the last number, by header or query', async () => {
    const thread = randomUUID();
    await gateway.change('default', thread, 1, 5);
    expect(await (await follow('default', thread, { lastEventId: 3 })).upTo(2)).toEqual([4, 5]);
    const response = await fetch(`${gateway.url}/chat/stream?lastEventId=4&thread=${thread}`, {
      headers: bearer('default', thread),
    });
    const reader = response.body!.getReader();
    let text = '';
    while (!text.includes('id: 5')) text += Buffer.from((await reader.read()).value!).toString();
    expect(text).not.toContain('id: 4');
    await reader.cancel();
  });

  it('has no gap and no double when changes come while a client connects again and again', async () => {
    const thread = randomUUID();
    const last = 300;
    const writing = (async () => {
      for (let sequence = 1; sequence <= last; sequence += 3) {
        await gateway.change('default', thread, sequence, sequence + 2);
        if (sequence % 2) await gateway.change('default', thread, sequence, sequence + 2);
      }
    })();
    const seen: number[] = [];
    while (seen.length < last) {
      const client = await follow('default', thread, { lastEventId: seen.length });
      await until(() => client.events.length >= Math.min(20, last - seen.length), { what: 'events' });
      client.close();
      seen.push(...client.sequences);
    }
    await writing;
    expect(seen).toEqual(range(1, last));
  });

  it('brings a long conversation whole', async () => {
    const thread = randomUUID();
    for (let sequence = 1; sequence <= 1_000; sequence += 50) {
      await gateway.change('default', thread, sequence, sequence + 49);
    }
    expect(await (await follow('default', thread)).upTo(1_000)).toEqual(range(1, 1_000));
  });

  it("never shows one tenant's conversation to another, even under the same thread key", async () => {
    const thread = randomUUID();
    const [mine, theirs] = [await follow('default', thread), await follow('acme', thread)];
    await gateway.change('default', thread, 1, 2);
    await gateway.change('acme', thread, 1, 1);
    await Promise.all([mine.upTo(2), theirs.upTo(1)]);
    expect(theirs.events.map(({ data }) => (JSON.parse(data) as { text: string }).text)).toEqual([
      expect.stringContaining('acme 1'),
    ]);
    await expect(
      database.tenantScope('acme', (manager) =>
        manager.query(`INSERT INTO gateway.stream_events (tenant_id, thread, conversation, sequence, kind, data)
                       VALUES ('default', 't', gen_random_uuid(), 1, 'message', '{}')`),
      ),
    ).rejects.toThrow(/row-level security/);
  });

  it('answers 401 without a token, 404 for another thread, 400 for a number that is none', async () => {
    const thread = randomUUID();
    const status = async (query: string, headers: Record<string, string>): Promise<number> => {
      const response = await fetch(`${gateway.url}/chat/stream${query}`, { headers });
      await response.body?.cancel();
      return response.status;
    };
    expect(await status('', {})).toBe(401);
    expect(await status('?thread=other', bearer('default', thread))).toBe(404);
    expect(await status('?lastEventId=x', bearer('default', thread))).toBe(400);
    expect(await status('', { ...bearer('default', thread), 'last-event-id': '-1' })).toBe(400);
  });

  it('counts open streams, and stops counting closed ones', async () => {
    const open = async (): Promise<number | undefined> =>
      (await registry.getSingleMetric('openclaw_gateway_connections_total')!.get()).values[0]?.value;
    await until(async () => (await open()) === 0, { what: 'earlier streams to be gone' });
    const client = await follow('default', randomUUID());
    expect(await open()).toBe(1);
    client.close();
    await until(async () => (await open()) === 0, { what: 'the stream to be gone' });
  });

  it('bounds the streams of one thread', async () => {
    const thread = randomUUID();
    const opened = await Promise.all(range(1, 20).map(() => follow('default', thread)));
    expect(opened.map(({ response }) => response.status)).toEqual(Array(20).fill(200));
    const { response } = await follow('default', thread);
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('10');
  });
});

describe('several processes', () => {
  it('wake each other, and end their streams when they drain', async () => {
    const elsewhere = await connect();
    const other = await startGateway(elsewhere);
    try {
      const thread = randomUUID();
      const [here, there] = [
        await follow('default', thread),
        await follow('default', thread, { from: other }),
      ];
      // Before they have met each other as well as afterwards.
      for (let sequence = 1; sequence <= 40; sequence += 1) {
        await (sequence % 2 ? gateway : other).change('default', thread, sequence, sequence);
      }
      expect(await here.upTo(40)).toEqual(range(1, 40));
      expect(await there.upTo(40)).toEqual(range(1, 40));
      await other.drain();
      await until(() => there.ended, { what: 'the stream to end' });
      expect(here.ended).toBe(false);
      const { response } = await follow('default', thread, { from: other });
      expect(response.status).toBe(503);
    } finally {
      await other.stop();
      await elsewhere.close();
    }
  });
});

const redisIsMissing = redisMissing();
const throughRedis = 'several processes that share a Redis';

describe.skipIf(redisIsMissing !== undefined)(
  redisIsMissing ? `${throughRedis} (${redisIsMissing})` : throughRedis,
  () => {
    it('wake each other through it, and without it when it is gone', async () => {
      const redis = await startRedis();
      const elsewhere = await connect();
      const replicas = [await startGateway(elsewhere, redis.url), await startGateway(elsewhere, redis.url)];
      const watching = new RedisConnection(redis.url);
      try {
        const heard: string[] = [];
        // Redis reaches it like one more process: so many are reached that nobody is told by NOTIFY as well.
        const subscriber = watching.client!;
        await until(() => subscriber.status === 'ready', { what: 'a connection to Redis' });
        subscriber.on('message', (_channel: string, text: string) => heard.push(text));
        await subscriber.subscribe('clawdesk_gateway');
        const thread = randomUUID();
        const client = await follow('default', thread, { from: replicas[1]! });
        const change = (number: number): Promise<void> =>
          replicas[0]!.change('default', thread, number, number);
        // Once they have met, a new event is told through Redis.
        let sequence = 0;
        await until(
          async () => {
            await change((sequence += 1));
            return heard.some((text) => text.startsWith('wake '));
          },
          { what: 'a wake-up in Redis' },
        );
        expect(await client.upTo(sequence)).toEqual(range(1, sequence));
        await watching.close();
        await redis.kill9();
        for (let end = sequence + 5; sequence < end;) await change((sequence += 1));
        expect(await client.upTo(sequence)).toEqual(range(1, sequence));
        await redis.startAgain();
        for (let end = sequence + 5; sequence < end;) await change((sequence += 1));
        expect(await client.upTo(sequence)).toEqual(range(1, sequence));
      } finally {
        await watching.close();
        for (const replica of replicas) await replica.stop();
        await elsewhere.close();
        await redis.stop();
      }
    });
  },
);

describe('retention', () => {
  it('forgets events after 30 days, of every tenant, and keeps the others', async () => {
    const thread = randomUUID();
    for (const tenant of ['default', 'acme']) {
      await gateway.change(tenant, thread, 1, 3);
      await database.tenantScope(tenant, (manager) =>
        manager.query(
          `UPDATE gateway.stream_events
              SET created_at = now() - CASE WHEN sequence < 3 THEN interval '31 days' ELSE interval '1 day' END
            WHERE thread = $1`,
          [thread],
        ),
      );
    }
    await gateway.app.get(Retention).forget();
    for (const tenant of ['default', 'acme']) {
      expect(await (await follow(tenant, thread)).upTo(1)).toEqual([3]);
    }
  });
});
