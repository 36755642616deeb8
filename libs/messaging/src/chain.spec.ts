import { Database, DatabaseUnavailableError, type EntityManager } from '@clawdesk/database';
import {
  encode,
  fromRecord,
  toRecord,
  Topics,
  type Envelope,
  type MessageReceived,
  type Outgoing,
} from '@clawdesk/envelope';
import { registry } from '@clawdesk/tracing';
import { describe, expect, it } from 'vitest';
import { Breakers } from './breaker.js';
import { buildChain } from './chain.js';
import type { Delivery, RegisteredHandler } from './delivery.js';
import { PermanentFailure, TransientFailure, TransportUnavailableError } from './failures.js';
import { RevokedError } from './revoked.js';
import type { LogRecord, OutgoingRecord } from './transport.js';

const message: MessageReceived = {
  channel: 'webchat',
  account: 'web',
  thread: 'thread-1',
  contactPoint: 'visitor-1',
  text: 'Where is my parcel?',
  attachments: [],
  channelMessageId: 'c-1',
  channelTime: '2026-01-01T00:00:00.000Z',
};

const received: Envelope<MessageReceived> = {
  id: '8b7f0d7e-6a52-5d0c-9a6f-3e6b1f0a2c11',
  type: 'message.received',
  source: '/clawdesk/ingestion',
  time: '2026-01-01T00:00:00.000Z',
  dataschema: Topics.messageReceived.dataschema,
  tenant: 'acme',
  partitionkey: 'thread-1',
  correlationid: '8b7f0d7e-6a52-5d0c-9a6f-3e6b1f0a2c11',
  causationid: '8b7f0d7e-6a52-5d0c-9a6f-3e6b1f0a2c11',
  hops: 0,
  subjectkey: 'subject-1',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  data: message,
};

const logRecord = (change: Partial<LogRecord> = {}): LogRecord => ({
  ...toRecord(received, encode(Topics.messageReceived, message)),
  topic: 'message.received',
  partition: 3,
  offset: 42,
  timestamp: Date.now(),
  ...change,
});

const understood: Outgoing = Topics.messageUnderstood.message({
  ...message,
  language: 'en',
  intents: [],
  entities: [],
  sentiment: 0,
});

/** A log that keeps what is published and is down as often as the test says. */
class Log {
  readonly published: OutgoingRecord[] = [];
  downFor = 0;
  /** Records that it refuses for good. */
  refuses: (record: OutgoingRecord) => boolean = () => false;
  publish(records: readonly OutgoingRecord[]): Promise<void> {
    if (this.downFor > 0) {
      this.downFor -= 1;
      return Promise.reject(new TransportUnavailableError('The log does not answer'));
    }
    if (records.some(this.refuses)) return Promise.reject(new PermanentFailure('MESSAGE_TOO_LARGE'));
    this.published.push(...records);
    return Promise.resolve();
  }
  get topics(): string[] {
    return this.published.map(({ topic }) => topic);
  }
}

class NoDatabase extends Database {
  tenantScope<T>(_tenant: string, _fn: (manager: EntityManager) => Promise<T>): Promise<T> {
    return Promise.reject(new Error('A stateless handler has no transaction'));
  }
  platformScope<T>(_fn: (manager: EntityManager) => Promise<T>): Promise<T> {
    return Promise.reject(new Error('not used'));
  }
  afterCommit(): void {}
  listen(): Promise<() => Promise<void>> {
    return Promise.reject(new Error('not used'));
  }
  ping(): Promise<void> {
    return Promise.resolve();
  }
}

type Invoke = (delivery: { attempt: number; signal: AbortSignal }) => Promise<readonly Outgoing[]>;

function setUp(invoke: Invoke, options: Partial<RegisteredHandler['options']> = {}) {
  const log = new Log();
  let calls = 0;
  const handler: RegisteredHandler = {
    topic: Topics.messageReceived,
    service: 'nlu',
    options: {
      group: 'nlu.understand-message',
      kind: 'stateless',
      concurrency: 1,
      timeoutMs: 5_000,
      attempts: 3,
      span: 'process_message',
      ...options,
    },
    invoke: (_message, _event, signal) => invoke({ attempt: ++calls, signal }),
  };
  const breakers = new Breakers(
    { log: () => Promise.resolve(), database: () => Promise.resolve() },
    { firstDelayMs: 1 },
  );
  const handle = buildChain({
    transport: log,
    database: new NoDatabase(),
    breakers,
    retry: { firstDelayMs: 1, maxDelayMs: 2 },
  });
  const revoked = new AbortController();
  const held: Promise<void>[] = [];
  const delivery = (record: LogRecord): Delivery => ({
    record,
    handler,
    signal: revoked.signal,
    event: undefined as never,
    attempts: 0,
    attemptStartedAt: undefined,
    holdConsumption: (until) => void held.push(until),
  });
  return { log, revoked, held, run: (record = logRecord()) => handle(delivery(record)), calls: () => calls };
}

describe('the chain', () => {
  it('publishes what the handler returns, with ids that come out the same again', async () => {
    const first = setUp(() => Promise.resolve([understood]));
    const again = setUp(() => Promise.resolve([understood]));
    await first.run();
    await again.run();
    const event = fromRecord(first.log.published[0]!);
    expect(first.log.topics).toEqual(['message.understood']);
    expect(event.id).toBe(fromRecord(again.log.published[0]!).id);
    expect(event).toMatchObject({
      source: '/clawdesk/nlu',
      tenant: 'acme',
      partitionkey: 'thread-1',
      correlationid: received.id,
      causationid: received.id,
      subjectkey: 'subject-1',
      hops: 1,
    });
    expect(event.traceparent).toContain('0af7651916cd43dd8448eb211c80319c');
  });

  it('tries a transient failure again, in place', async () => {
    const { run, log, calls } = setUp(({ attempt }) =>
      attempt < 3 ? Promise.reject(new TransientFailure('not now')) : Promise.resolve([understood]),
    );
    await run();
    expect(calls()).toBe(3);
    expect(log.topics).toEqual(['message.understood']);
  });

  it('dead-letters a transient failure after its last attempt, and hands the turn to a person', async () => {
    const { run, log, calls } = setUp(() => Promise.reject(new TransientFailure('never')));
    await run();
    expect(calls()).toBe(3);
    expect(log.topics).toEqual(['message.received.dead', 'turn.failed']);
  });

  it('dead-letters a permanent failure at once, the record untouched and the reason beside it', async () => {
    const { run, log, calls } = setUp(() => Promise.reject(new PermanentFailure('no such account')));
    const record = logRecord();
    await run(record);
    const [dead, failed] = log.published;
    expect(calls()).toBe(1);
    expect(dead!.key).toBe(record.key);
    expect(dead!.value.equals(record.value)).toBe(true);
    expect(dead!.headers).toMatchObject({
      ...record.headers,
      'dl-reason': 'PermanentFailure: no such account',
      'dl-handler': 'nlu.understand-message',
      'dl-attempts': '1',
      'dl-topic': 'message.received',
      'dl-partition': '3',
      'dl-offset': '42',
    });
    expect(fromRecord(failed!)).toMatchObject({
      tenant: 'acme',
      correlationid: received.id,
      partitionkey: 'thread-1',
    });
    expect(JSON.parse(failed!.value.toString())).toMatchObject({
      thread: 'thread-1',
      turn: received.id,
      attempts: 1,
    });
  });

  it.each([
    ['not JSON', { value: Buffer.from('{') }],
    ['another shape', { value: Buffer.from('{"text":1}') }],
    ['no CloudEvents headers', { headers: {} }],
  ])('dead-letters an undecodable record (%s) without calling the handler', async (_, change) => {
    const { run, log, calls } = setUp(() => Promise.resolve([]));
    await run(logRecord(change));
    expect(calls()).toBe(0);
    expect(log.topics[0]).toBe('message.received.dead');
  });

  it('never puts a value of the payload into the reason', async () => {
    const { run, log } = setUp(() => Promise.resolve([]));
    await run(logRecord({ value: Buffer.from(JSON.stringify({ ...message, attachments: 'SECRET-WORD' })) }));
    expect(log.published[0]!.headers['dl-reason']).not.toContain('SECRET-WORD');
  });

  it('leaves a record of a newer major version where it is', async () => {
    const { run, log } = setUp(() => Promise.resolve([]));
    const record = logRecord();
    const headers = { ...record.headers, ce_dataschema: 'clawdesk:message.received:99.0' };
    await expect(run({ ...record, headers })).rejects.toThrow('99');
    expect(log.published).toEqual([]);
  });

  it('uses up no attempt while a dependency is away', async () => {
    const { run, log, calls } = setUp(({ attempt }) =>
      attempt <= 5 ? Promise.reject(new DatabaseUnavailableError('away')) : Promise.resolve([understood]),
    );
    await run();
    expect(calls()).toBe(6);
    expect(log.topics).toEqual(['message.understood']);
  });

  it('does not count a record as done before its outputs are in the log', async () => {
    const { run, log } = setUp(() => Promise.resolve([understood]));
    log.downFor = 2;
    await run();
    expect(log.topics).toEqual(['message.understood']);
  });

  it('does not count a record as done before its dead letter is in the log', async () => {
    const { run, log } = setUp(() => Promise.reject(new PermanentFailure('no')));
    log.downFor = 2;
    await run();
    expect(log.topics).toEqual(['message.received.dead', 'turn.failed']);
  });

  it('holds consumption while a dead letter waits for the log', async () => {
    const { run, log, held } = setUp(() => Promise.reject(new PermanentFailure('no')));
    log.downFor = 1;
    await run();
    expect(held).toHaveLength(1);
  });

  it('dead-letters a foreign record for which no turn can be handed over', async () => {
    const { run, log } = setUp(() => Promise.resolve([]));
    await run(logRecord({ key: 'k'.repeat(200), value: Buffer.from('{') }));
    expect(log.topics).toEqual(['message.received.dead']);
  });

  it.each([
    ['its value', { value: Buffer.alloc(2_000) }, { 'x-origin': 'elsewhere' }],
    ['its key and headers', { key: 'k'.repeat(2_000), value: Buffer.from('{') }, {}],
  ])('leaves %s out of a dead letter that the log refuses, and goes on', async (_, change, kept) => {
    const { run, log } = setUp(() => Promise.resolve([]));
    const size = ({ key, headers, value }: OutgoingRecord): number =>
      key.length + JSON.stringify(headers).length + value.length;
    log.refuses = (record) => size(record) > 2_000;
    await run(logRecord({ headers: { 'x-origin': 'elsewhere' }, ...change }));
    expect(log.topics).toEqual(['message.received.dead']);
    const [stub] = log.published;
    expect(stub!.value).toHaveLength(0);
    expect(stub!.headers).toMatchObject({
      ...kept,
      'dl-reason': expect.stringContaining('UndecodableRecordError') as string,
      'dl-topic': 'message.received',
      'dl-partition': '3',
      'dl-offset': '42',
    });
    expect(stub!.headers['dl-left-out']).toContain('value');
  });

  it('keeps the dead letter whole when only its turn.failed is refused', async () => {
    const { run, log } = setUp(() => Promise.reject(new PermanentFailure('no')));
    log.refuses = ({ topic }) => topic === 'turn.failed';
    await run();
    expect(log.topics).toEqual(['message.received.dead']);
    expect(log.published[0]!.value).toEqual(logRecord().value);
  });

  it('hands the turn to a person when the dead letter is refused whole', async () => {
    const { run, log } = setUp(() => Promise.reject(new PermanentFailure('no')));
    log.refuses = ({ topic, value }) => topic.endsWith('.dead') && value.length > 0;
    await run();
    expect(log.topics).toEqual(['message.received.dead', 'turn.failed']);
  });

  it('is interrupted when the log refuses even the smallest dead letter', async () => {
    const { run, log } = setUp(() => Promise.reject(new PermanentFailure('no')));
    log.refuses = ({ topic }) => topic.endsWith('.dead');
    await expect(run()).rejects.toThrow('MESSAGE_TOO_LARGE');
  });

  it('gives an attempt its time limit, aborts it and tries again', async () => {
    const aborted: boolean[] = [];
    const { run, log } = setUp(
      ({ attempt, signal }) =>
        attempt > 1
          ? Promise.resolve([understood])
          : new Promise(() => signal.addEventListener('abort', () => aborted.push(true))),
      { timeoutMs: 5 },
    );
    await run();
    expect(aborted).toEqual([true]);
    expect(log.topics).toEqual(['message.understood']);
  });

  it('neither publishes nor dead-letters once the partition is revoked', async () => {
    const { run, log, revoked } = setUp(() => {
      revoked.abort(new RevokedError('lost'));
      return Promise.resolve([understood]);
    });
    await expect(run()).rejects.toThrow(RevokedError);
    expect(log.published).toEqual([]);
  });

  it('refuses to publish a topic that the service is not a producer of', async () => {
    const foreign = Topics.ownerFenced.message({ conversation: received.id, thread: 't', fence: 1 });
    const { run, log } = setUp(() => Promise.resolve([foreign]));
    await run();
    expect(log.published[0]!.headers['dl-reason']).toContain("may not publish 'owner.fenced'");
  });

  it('does not try again what the handler returned in a wrong shape', async () => {
    const { run, log, calls } = setUp(() => Promise.resolve([Topics.messageUnderstood.message({} as never)]));
    await run();
    expect(calls()).toBe(1);
    expect(log.published[0]!.headers['dl-reason']).toContain("A payload for 'message.understood' is wrong");
  });

  it.each([
    ['done', logRecord(), () => Promise.resolve([understood])],
    ['dead-letter', logRecord(), () => Promise.reject(new PermanentFailure('no'))],
    ['dead-letter', logRecord({ headers: {} }), () => Promise.resolve([])],
  ])('counts a record as %s', async (outcome, record, invoke) => {
    const count = async (): Promise<number> => {
      const { values } = await registry.getSingleMetric('clawdesk_records_handled_total')!.get();
      return values.find(({ labels }) => labels['outcome'] === outcome)?.value ?? 0;
    };
    const before = await count();
    await setUp(invoke).run(record);
    expect(await count()).toBe(before + 1);
  });

  it('stops an event that goes round in circles', async () => {
    const { run, log } = setUp(() => Promise.resolve([understood]));
    const record = logRecord();
    await run({ ...record, headers: { ...record.headers, ce_hops: '40' } });
    expect(log.published[0]!.headers['dl-reason']).toContain('loop');
  });
});
