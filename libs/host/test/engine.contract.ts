import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { INestMicroservice } from '@nestjs/common';
import {
  fromRecord,
  messageId,
  Topics,
  type Envelope,
  type MessageReceived,
  type Outgoing,
} from '@clawdesk/envelope';
import {
  Broadcasts,
  Consumer,
  Handles,
  HandlersIncompleteError,
  LogPublisher,
  LogStrategy,
  messagingSchema,
  PermanentFailure,
  Router,
  topicSpecs,
  TransientFailure,
  TransportUnavailableError,
  type LogRecord,
  type OutgoingRecord,
  type Transport,
} from '@clawdesk/messaging';
import type { SchemaMigrations } from '@clawdesk/database';
import { until } from '@clawdesk/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { logKinds, openPlatform, type TestPlatform } from './platform.js';

const message = (text: string): MessageReceived => ({
  channel: 'webchat',
  account: 'web',
  thread: 'thread-1',
  contactPoint: 'visitor-1',
  text,
  attachments: [],
  channelMessageId: text,
  channelTime: '2026-01-01T00:00:00.000Z',
});

const understood = (received: MessageReceived): Outgoing =>
  Topics.messageUnderstood.message({ ...received, language: 'en', intents: [], entities: [], sentiment: 0 });

/** Fails as its texts say, so that one handler shows every way. */
@Consumer()
class UnderstandMessage {
  static readonly calls: string[] = [];

  @Handles(Topics.messageReceived, { group: 'nlu.understand-message', kind: 'stateless', attempts: 3 })
  understand(received: MessageReceived): Promise<Outgoing[]> {
    const { text } = received;
    UnderstandMessage.calls.push(text);
    const before = UnderstandMessage.calls.filter((call) => call === text).length;
    if (text.startsWith('permanent')) throw new PermanentFailure('This text is not for us');
    if (text.startsWith('once') && before < 2) throw new TransientFailure('Not this time');
    if (text.startsWith('bug') && before < 2) throw new TypeError('Cannot read properties of undefined');
    if (text.startsWith('never')) throw new TransientFailure('Never');
    return Promise.resolve([understood(received)]);
  }
}

/** Writes a row for each message, in the engine's transaction. */
@Consumer()
class RecordMessage {
  static platform: TestPlatform;
  static readonly calls: string[] = [];

  @Handles(Topics.messageReceived, { group: 'business-logic.record-message', kind: 'stateful', attempts: 2 })
  async record(received: MessageReceived, event: Envelope<MessageReceived>): Promise<Outgoing[]> {
    RecordMessage.calls.push(`${event.tenant} ${event.id}`);
    await RecordMessage.platform.database.tenantScope(event.tenant, (manager) =>
      manager.query('INSERT INTO desk.notes (tenant_id, event_id, text) VALUES ($1, $2, $3)', [
        event.tenant,
        event.id,
        received.text,
      ]),
    );
    if (received.text.startsWith('poison')) throw new PermanentFailure('Poison');
    const fence = { conversation: event.id, thread: received.thread, fence: 1 };
    return [Topics.ownerChanged.message(fence)];
  }
}

@Consumer()
class KnowledgeCache {
  static readonly seen: (number | 'reload')[] = [];

  @Broadcasts(Topics.knowledgeChanged)
  async changed(change: { version: number } | undefined): Promise<void> {
    KnowledgeCache.seen.push(change?.version ?? 'reload');
  }
}

const deskSchema: SchemaMigrations = {
  schema: 'desk',
  migrations: [
    {
      name: '0001-notes',
      sql: `CREATE TABLE desk.notes (tenant_id text NOT NULL, event_id text NOT NULL, text text NOT NULL);
                ALTER TABLE desk.notes ENABLE ROW LEVEL SECURITY;
                ALTER TABLE desk.notes FORCE ROW LEVEL SECURITY;
                CREATE POLICY tenant ON desk.notes USING (tenant_id = current_setting('app.tenant', true));`,
    },
  ],
};

/** Lets a test take the log away for publishing. */
class Interruptible implements Pick<Transport, 'publish'> {
  down = false;
  constructor(private readonly inner: Transport) {}
  publish(records: readonly OutgoingRecord[]): Promise<void> {
    if (this.down) return Promise.reject(new TransportUnavailableError('The log was taken away'));
    return this.inner.publish(records);
  }
}

describe.each(logKinds)('the engine, through the real strategy and database, over %s', (log) => {
  let platform: TestPlatform;
  let transport: Transport;
  let gate: Interruptible;
  let app: INestMicroservice | undefined;
  let seen: Record<string, LogRecord[]>;
  let count = 0;

  const start = async (controllers: Type[], services: string[] = []): Promise<void> => {
    @Module({ controllers })
    class TestModule {}
    const routed = Object.assign(Object.create(transport) as Transport, {
      publish: (records: readonly OutgoingRecord[]) => gate.publish(records),
    });
    const router = new Router({
      transport: routed,
      database: platform.database,
      services,
      onFatal: (error) => {
        throw error;
      },
      retry: { firstDelayMs: 1 },
      breakers: { firstDelayMs: 10, maxDelayMs: 20 },
    });
    app = await NestFactory.createMicroservice(TestModule, {
      strategy: new LogStrategy(router),
      logger: false,
      abortOnError: false,
    });
    await app.listen();
  };

  /** A message of its own thread; texts are unique, so that tests do not meet. */
  const send = async (kind: string, tenant = 'acme', id?: string): Promise<{ text: string; id: string }> => {
    const text = `${kind} ${log} ${(count += 1)}`;
    const event = id ?? messageId(tenant, 'web', text);
    await new LogPublisher(transport).publish(Topics.messageReceived.message(message(text)), {
      tenant,
      key: `thread ${text}`,
      id: event,
    });
    return { text, id: event };
  };

  /** Records of a topic whose correlation is this message. */
  const of = (topic: string, id: string): LogRecord[] =>
    (seen[topic] ?? []).filter(({ headers }) => headers['ce_correlationid'] === id);

  beforeAll(async () => {
    platform = await openPlatform(log, [messagingSchema, deskSchema]);
    RecordMessage.platform = platform;
  });
  afterAll(() => platform.close());

  beforeEach(async () => {
    KnowledgeCache.seen.length = 0;
    transport = platform.transport();
    await transport.start(topicSpecs(4));
    gate = new Interruptible(transport);
    seen = {};
    for (const topic of ['message.understood', 'message.received.dead', 'turn.failed', 'owner.changed']) {
      const records: LogRecord[] = (seen[topic] = []);
      await transport.broadcast({
        topic,
        onConnect: () => undefined,
        onRecord: (record) => records.push(record),
      });
    }
  });

  afterEach(async () => {
    await app?.close();
    app = undefined;
    await transport.close();
  });

  it('publishes what a stateless handler returns', async () => {
    await start([UnderstandMessage]);
    const { id } = await send('plain');
    await until(() => of('message.understood', id).length === 1, { what: 'the understood message' });
    expect(fromRecord(of('message.understood', id)[0]!)).toMatchObject({ tenant: 'acme', causationid: id });
  });

  it.each(['once', 'bug'])('tries a transient failure (%s) again and dead-letters nothing', async (kind) => {
    await start([UnderstandMessage]);
    const { id, text } = await send(kind);
    await until(() => of('message.understood', id).length === 1, { what: 'the second attempt' });
    expect(UnderstandMessage.calls.filter((call) => call === text)).toHaveLength(2);
    expect(of('message.received.dead', id)).toEqual([]);
  });

  it.each([
    ['permanent', 1],
    ['never', 3],
  ])(
    'dead-letters a %s failure after %i attempt(s), hands over the turn, and goes on',
    async (kind, attempts) => {
      await start([UnderstandMessage]);
      const { id, text } = await send(kind);
      const next = await send('plain');
      await until(() => of('turn.failed', id).length === 1, { what: 'turn.failed' });
      expect(UnderstandMessage.calls.filter((call) => call === text)).toHaveLength(attempts);
      expect(of('message.received.dead', id)[0]!.headers['dl-attempts']).toBe(String(attempts));
      await until(() => of('message.understood', next.id).length === 1, { what: 'the message behind it' });
    },
  );

  it('handles an event once, however often it comes, and publishes the stored outputs again', async () => {
    await start([RecordMessage]);
    const { id } = await send('twice');
    await until(() => of('owner.changed', id).length === 1, { what: 'the first output' });
    await send('twice', 'acme', id);
    await until(() => of('owner.changed', id).length === 2, { what: 'the stored output' });
    const [first, second] = of('owner.changed', id);
    expect(callsFor('acme', id)).toBe(1);
    expect(second!.headers).toEqual(first!.headers);
    expect(second!.value.equals(first!.value)).toBe(true);
    expect(await notesOf('acme', id)).toBe(1);
  });

  it('keeps the same event of two tenants apart', async () => {
    await start([RecordMessage]);
    const { id } = await send('shared', 'acme');
    await send('shared', 'globex', id);
    await until(() => of('owner.changed', id).length === 2, { what: 'both outputs' });
    expect(await notesOf('acme', id)).toBe(1);
    expect(await notesOf('globex', id)).toBe(1);
  });

  it('lets a failing record undo only itself, though it shares a transaction', async () => {
    const good: string[] = [];
    const poison: string[] = [];
    for (let i = 0; i < 20; i++) {
      const { id } = await send(i % 7 === 3 ? 'poison' : 'good');
      (i % 7 === 3 ? poison : good).push(id);
    }
    await start([RecordMessage]);
    await until(() => good.every((id) => of('owner.changed', id).length === 1), { what: 'all good ones' });
    await until(() => poison.every((id) => of('message.received.dead', id).length === 1), {
      what: 'all dead letters',
    });
    for (const id of good) expect(await notesOf('acme', id)).toBe(1);
    for (const id of poison) expect(await notesOf('acme', id)).toBe(0);
  });

  it('publishes the stored outputs when the log was away after the commit', async () => {
    await start([RecordMessage]);
    gate.down = true;
    const { id } = await send('commit first');
    await until(async () => (await notesOf('acme', id)) === 1, { what: 'the committed row' });
    gate.down = false;
    await until(() => of('owner.changed', id).length === 1, { what: 'the output' });
    expect(callsFor('acme', id)).toBe(1);
  });

  it('calls a broadcast handler for a reload first, then for every change', async () => {
    await start([KnowledgeCache]);
    await until(() => KnowledgeCache.seen.includes('reload'), { what: 'the reload' });
    for (const version of [1, 2]) {
      await new LogPublisher(transport).publish(Topics.knowledgeChanged.message({ version }), {
        tenant: 'acme',
        key: 'acme',
        id: messageId('acme', 'knowledge', `${log} ${version}`),
      });
    }
    await until(() => KnowledgeCache.seen.includes(2), { what: 'both changes' });
    expect(KnowledgeCache.seen[0]).toBe('reload');
    // Each connect reloads, and a driver may connect once more after it has started.
    expect(KnowledgeCache.seen.filter((call) => call !== 'reload')).toEqual([1, 2]);
  });

  it('does not start with a handler missing', async () => {
    await expect(start([UnderstandMessage], ['nlu', 'dispatch'])).rejects.toThrow(HandlersIncompleteError);
    app = undefined;
  });

  /** The group reads from the beginning: messages of other tests come by as well. */
  const callsFor = (tenant: string, id: string): number =>
    RecordMessage.calls.filter((call) => call === `${tenant} ${id}`).length;

  async function notesOf(tenant: string, id: string): Promise<number> {
    const rows = await platform.database.tenantScope(tenant, (manager) =>
      manager.query<{ count: string }[]>(
        'SELECT count(*) FROM desk.notes WHERE tenant_id = $1 AND event_id = $2',
        [tenant, id],
      ),
    );
    return Number(rows[0]!.count);
  }
});
