import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { kafkaAvailable, startKafka, type LocalKafka } from '@clawdesk/kafka';
import { TransportUnavailableError, type LogRecord } from '@clawdesk/messaging';
import kafkajs from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { KafkaTransport, kafkaConfig } from '../src/index.js';

describe.skipIf(!(await kafkaAvailable()))('a Kafka that others use as well', () => {
  let kafka: LocalKafka;
  const open: KafkaTransport[] = [];
  const transport = (env: NodeJS.ProcessEnv = {}): KafkaTransport => {
    const one = new KafkaTransport(kafkaConfig({ KAFKA_BROKERS: kafka.brokers, ...env }));
    open.push(one);
    return one;
  };
  const soon = { timeout: 30_000, interval: 20 };

  /** Writes lines as Kafka's own console producer does, in one zstd batch. */
  const writeZstd = (topic: string, lines: readonly string[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const producer = [
        'org.apache.kafka.tools.ConsoleProducer',
        '--bootstrap-server',
        kafka.brokers,
        '--topic',
        topic,
      ];
      const child = execFile(
        'java',
        ['-cp', kafka.classPath, ...producer, '--compression-codec', 'zstd'],
        (error) => (error ? reject(error) : resolve()),
      );
      child.stdin!.end(lines.map((line) => `${line}\n`).join(''));
    });

  const collect = async (one: KafkaTransport, topic: string): Promise<LogRecord[]> => {
    const records: LogRecord[] = [];
    await one.consume({
      group: `${topic}.readers`,
      topic,
      sink: {
        assigned: () => undefined,
        rebalancing: () => undefined,
        accept: (_partition, some) => {
          records.push(...some);
          return true;
        },
      },
    });
    return records;
  };

  beforeAll(async () => {
    kafka = await startKafka();
  }, 180_000);
  afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));
  afterAll(() => kafka?.stop());

  test('a record that somebody packs with zstd is read like any other in a topic that was created here', async () => {
    const one = transport();
    await one.start([{ name: 'ours', partitions: 1 }]);
    await writeZstd('ours', ['first', 'second']);
    await one.publish([{ topic: 'ours', key: 'a', headers: {}, value: Buffer.from('third') }]);
    const records = await collect(one, 'ours');
    await vi.waitFor(() => expect(records).toHaveLength(3), soon);
    expect(records.map(({ value }) => value.toString())).toEqual(['first', 'second', 'third']);
    expect(records[0]!.key).toBeNull();
  });

  test('a record that only just fits its topic fits its dead-letter topic with more headers', async () => {
    const one = transport();
    await one.start([
      { name: 'full', partitions: 1 },
      { name: 'full.dead', partitions: 1 },
    ]);
    const value = randomBytes(1_048_400);
    await one.publish([{ topic: 'full', key: 'a', headers: {}, value }]);
    const headers = { 'dl-reason': 'x'.repeat(1_000) };
    await one.publish([{ topic: 'full.dead', key: 'a', headers, value }]);
    const letters = await collect(one, 'full.dead');
    await vi.waitFor(() => expect(letters).toHaveLength(1), soon);
    expect(letters[0]!.value.equals(value)).toBe(true);
  });

  test('a zstd record in a topic that keeps it so is fatal, in a sentence that names the topic', async () => {
    const admin = new kafkajs.Kafka({
      brokers: kafka.brokers.split(','),
      logLevel: kafkajs.logLevel.NOTHING,
    }).admin();
    await admin.connect();
    await admin.createTopics({
      topics: [
        {
          topic: 'foreign',
          numPartitions: 1,
          configEntries: [{ name: 'compression.type', value: 'producer' }],
        },
      ],
    });
    await admin.disconnect();
    await writeZstd('foreign', ['unreadable']);
    const one = transport();
    const fatal: Error[] = [];
    one.onFatal((error) => fatal.push(error));
    await one.start([{ name: 'foreign', partitions: 1 }]);
    await collect(one, 'foreign');
    await vi.waitFor(() => expect(fatal).toHaveLength(1), soon);
    expect(fatal[0]!.message).toContain("Topic 'foreign' holds a record that cannot be unpacked");
  });

  test('a tombstone, a record without a key, a doubled header and binary ones come through as far as text goes', async () => {
    const one = transport();
    await one.start([{ name: 'odd', partitions: 1 }]);
    const producer = new kafkajs.Kafka({
      brokers: kafka.brokers.split(','),
      logLevel: kafkajs.logLevel.NOTHING,
    }).producer({
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    await producer.send({
      topic: 'odd',
      messages: [
        { key: null, value: null, headers: { tag: ['one', 'two'] } },
        { key: Buffer.from([0x61, 0xff]), value: 'x', headers: { tag: Buffer.from([0xfe]) } },
      ],
    });
    await producer.disconnect();
    const records = await collect(one, 'odd');
    await vi.waitFor(() => expect(records).toHaveLength(2), soon);
    expect(records[0]).toMatchObject({ key: null, headers: { tag: 'two' }, value: Buffer.alloc(0) });
    expect(records[1]).toMatchObject({ key: 'a\uFFFD', headers: { tag: '\uFFFD' }, value: Buffer.from('x') });
  });

  test('what a transactional producer leaves besides its records is no lag', async () => {
    const one = transport();
    await one.start([{ name: 'transactions', partitions: 1 }]);
    const producer = new kafkajs.Kafka({
      brokers: kafka.brokers.split(','),
      logLevel: kafkajs.logLevel.NOTHING,
    }).producer({ transactionalId: 'somebody', maxInFlightRequests: 1, idempotent: true });
    await producer.connect();
    const write = async (value: string, end: 'commit' | 'abort') => {
      const transaction = await producer.transaction();
      await transaction.send({ topic: 'transactions', messages: [{ key: 'a', value }] });
      await transaction[end]();
    };
    const records: LogRecord[] = [];
    let assignment = -1;
    const member = await one.consume({
      group: 'transactions.readers',
      topic: 'transactions',
      sink: {
        assigned: (_partitions, number) => (assignment = number),
        rebalancing: () => undefined,
        accept: (_partition, some) => {
          records.push(...some);
          return true;
        },
      },
    });
    await write('kept', 'commit');
    await write('taken back', 'abort');
    await producer.disconnect();
    await vi.waitFor(() => expect(records.length).toBeGreaterThan(0), soon);
    expect(await member.lag()).toBeGreaterThan(0);
    await member.commit(assignment, new Map([[0, 1]]));
    await vi.waitFor(async () => expect(await member.lag()).toBe(0), soon);
    await one.publish([{ topic: 'transactions', key: 'a', headers: {}, value: Buffer.from('next') }]);
    expect(await member.lag()).toBe(1);
    expect(records[0]!.value.toString()).toBe('kept');
  });

  test('a record larger than the broker takes is refused for good, and its neighbours are published', async () => {
    const one = transport();
    await one.start([{ name: 'sizes', partitions: 1 }]);
    const publish = (key: string, size: number) =>
      one.publish([{ topic: 'sizes', key, headers: {}, value: Buffer.alloc(size) }]);
    const results = await Promise.allSettled([
      publish('a', 10),
      publish('b', 2 * 1024 * 1024),
      publish('c', 10),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(String((results[1] as PromiseRejectedResult).reason)).toMatch(
      /PermanentFailure: Kafka refuses the record/,
    );
  });

  test('a broadcast leaves no group behind', async () => {
    const one = transport();
    await one.start([{ name: 'news', partitions: 2 }]);
    const subscription = await one.broadcast({
      topic: 'news',
      onConnect: () => undefined,
      onRecord: () => undefined,
    });
    const admin = new kafkajs.Kafka({
      brokers: kafka.brokers.split(','),
      logLevel: kafkajs.logLevel.NOTHING,
    }).admin();
    await admin.connect();
    const broadcasts = async () =>
      (await admin.listGroups()).groups.filter(({ groupId }) => groupId.startsWith('broadcast.'));
    await vi.waitFor(async () => expect(await broadcasts()).toHaveLength(1), soon);
    await subscription.close();
    await vi.waitFor(async () => expect(await broadcasts()).toEqual([]), soon);
    await admin.disconnect();
  });

  test('joining is refused when the transport is closed meanwhile', async () => {
    const one = transport();
    await one.start([{ name: 'closed', partitions: 1 }]);
    const joining = expect(collect(one, 'closed')).rejects.toThrow('is closed');
    await one.close();
    await joining;
  });

  test('an address where nobody answers is told in one sentence that says what to do', async () => {
    const nobody = new KafkaTransport(kafkaConfig({ KAFKA_BROKERS: '127.0.0.1:1' }));
    const error = await nobody.start([]).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TransportUnavailableError);
    expect((error as Error).message).toBe(
      'Kafka does not answer at 127.0.0.1:1: start it (npm run kafka) or set KAFKA_BROKERS.',
    );
    await expect(nobody.ping()).rejects.toBeInstanceOf(TransportUnavailableError);
    await nobody.close();
  });

  test('no warning of a negative timeout is printed', async () => {
    const warnings: string[] = [];
    const listen = (warning: Error): void => void warnings.push(warning.name);
    process.on('warning', listen);
    const one = transport();
    await one.start([{ name: 'quiet', partitions: 1 }]);
    for (let index = 0; index < 5; index += 1)
      await one.publish([{ topic: 'quiet', key: 'a', headers: {}, value: Buffer.from('x') }]);
    await one.ping();
    process.removeListener('warning', listen);
    expect(warnings).toEqual([]);
  });

  test('while the broker is gone publish and ping are refused, and both come back by themselves', async () => {
    const one = transport({ KAFKA_PUBLISH_TIMEOUT_MS: '500' });
    await one.start([{ name: 'back', partitions: 1 }]);
    const publish = () => one.publish([{ topic: 'back', key: 'a', headers: {}, value: Buffer.from('x') }]);
    await publish();
    await kafka.kill9();
    await expect(publish()).rejects.toBeInstanceOf(TransportUnavailableError);
    await expect(one.ping()).rejects.toBeInstanceOf(TransportUnavailableError);
    await kafka.restart();
    await vi.waitFor(() => one.ping(), soon);
    await vi.waitFor(() => publish(), soon);
  });

  test('a publish to a broker that hangs is rejected in time, and so are those queued behind it', async () => {
    const one = transport({ KAFKA_PUBLISH_TIMEOUT_MS: '3000' });
    await one.start([{ name: 'hangs', partitions: 1 }]);
    const publish = () => one.publish([{ topic: 'hangs', key: 'a', headers: {}, value: Buffer.from('x') }]);
    await publish();
    const broker = Number(execFileSync('pgrep', ['-P', String(process.pid), '-f', 'kafka.Kafka']));
    let rejected = 0;
    const attempt = (): void =>
      void publish().catch((error: unknown) => {
        if (error instanceof TransportUnavailableError) rejected += 1;
      });
    process.kill(broker, 'SIGSTOP');
    try {
      attempt();
      await new Promise((resolve) => setTimeout(resolve, 500));
      attempt();
      // Were each sending waited for to its end, the second would be told after half a minute.
      await vi.waitFor(() => expect(rejected).toBe(2), { timeout: 15_000, interval: 100 });
    } finally {
      process.kill(broker, 'SIGCONT');
    }
    await vi.waitFor(() => publish(), soon);
  });
});
