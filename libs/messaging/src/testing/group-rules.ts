import { expect, test } from 'vitest';
import { Topics } from '@clawdesk/envelope';
import type { RegisteredHandler } from '../delivery.js';
import { GroupConsumer } from '../group-consumer.js';
import { ProbeSink } from './probe-sink.js';
import { numbered, record, until, type TransportBench } from './transport-bench.js';

const handlerOf = (group: string): RegisteredHandler => ({
  topic: Topics.messageReceived,
  service: 'contract',
  options: {
    group,
    kind: 'stateless',
    concurrency: 64,
    timeoutMs: 1_000,
    attempts: 1,
    span: 'process_message',
  },
  invoke: () => Promise.resolve([]),
});

/** What holds for one member of a consumer group. */
export function groupRules(bench: () => TransportBench): void {
  test('a new group reads from the beginning and goes on with what is published later', async () => {
    const topic = bench().topic();
    const transport = await bench().replica(topic);
    await transport.publish(numbered(topic, 'a', 3));
    const sink = new ProbeSink();
    await transport.consume({ group: bench().unique('group'), topic: topic.name, sink });
    await until('the first 3', () => sink.records.length === 3);
    await transport.publish(numbered(topic, 'a', 2, 3));
    await until('the later 2', () => sink.records.length === 5);
    expect(sink.values).toEqual(['a#0', 'a#1', 'a#2', 'a#3', 'a#4']);
    expect(sink.partitions).toEqual([0]);
  });

  test('consume resolves once the member has joined and knows its partitions', async () => {
    const topic = bench().topic(2);
    const group = bench().unique('group');
    const sinks = [new ProbeSink(), new ProbeSink()];
    for (const sink of sinks) {
      const transport = await bench().replica(topic);
      await transport.consume({ group, topic: topic.name, sink });
      expect(sink.assignments.length).toBeGreaterThan(0);
    }
    expect(sinks[0]!.assignments[0]!.partitions).toEqual([0, 1]);
  });

  test('two groups each get every record', async () => {
    const topic = bench().topic(3);
    const transport = await bench().replica(topic);
    const sinks = [new ProbeSink(), new ProbeSink()];
    for (const sink of sinks)
      await transport.consume({ group: bench().unique('group'), topic: topic.name, sink });
    const records = Array.from({ length: 30 }, (_, index) => record(topic, `key-${index}`, String(index)));
    await transport.publish(records);
    for (const sink of sinks) {
      await until(
        'all 30 records',
        () => sink.records.length === 30,
        () => sink.records.length,
      );
      expect([...sink.values].sort()).toEqual(records.map(({ value }) => value.toString()).sort());
    }
  });

  test('after a restart of the member nothing committed comes again and everything uncommitted does', async () => {
    const topic = bench().topic();
    const group = bench().unique('group');
    const first = await bench().replica(topic);
    await first.publish(numbered(topic, 'a', 10));
    const before = new ProbeSink();
    const member = await first.consume({ group, topic: topic.name, sink: before });
    await until('all 10 records', () => before.records.length === 10);
    await member.commit(before.assignment, new Map([[0, 6]]));
    await first.close();

    const second = await bench().replica(topic);
    const after = new ProbeSink();
    await second.consume({ group, topic: topic.name, sink: after });
    await until(
      'the uncommitted 4',
      () => after.records.at(-1)?.offset === 9,
      () => after.values,
    );
    expect(after.values).toEqual(['a#6', 'a#7', 'a#8', 'a#9']);
  });

  test('what was never committed comes again from the beginning', async () => {
    const topic = bench().topic();
    const group = bench().unique('group');
    const transport = await bench().replica(topic);
    await transport.publish(numbered(topic, 'a', 4));
    for (let start = 0; start < 2; start += 1) {
      const sink = new ProbeSink();
      const member = await transport.consume({ group, topic: topic.name, sink });
      await until(
        'all 4 records',
        () => sink.records.length === 4,
        () => sink.values,
      );
      expect(sink.values).toEqual(['a#0', 'a#1', 'a#2', 'a#3']);
      await member.close();
    }
  });

  test('accept that returns false pauses its partition alone; resume goes on without loss', async () => {
    const topic = bench().topic(2);
    const transport = await bench().replica(topic);
    const probe = new ProbeSink();
    await transport.consume({ group: bench().unique('probe'), topic: topic.name, sink: probe });
    const sink = new ProbeSink();
    const member = await transport.consume({ group: bench().unique('group'), topic: topic.name, sink });
    await until(
      'both partitions',
      () => sink.partitions.length === 2,
      () => sink.assignments,
    );

    const keys = Array.from({ length: 16 }, (_, index) => `key-${index}`);
    sink.wantsMore = (partition) => partition !== 0;
    await transport.publish(keys.flatMap((key) => numbered(topic, key, 1)));
    const inPartition = (one: ProbeSink, partition: number) =>
      one.records.filter((r) => r.partition === partition);
    await until('the first records', () => sink.records.length > 0 && inPartition(sink, 0).length > 0);
    const paused = inPartition(sink, 0).length;

    for (let round = 1; round <= 5; round += 1)
      await transport.publish(keys.flatMap((key) => numbered(topic, key, 1, round)));
    await until(
      'the probe to have all 96',
      () => probe.records.length === 96,
      () => probe.records.length,
    );
    const other = inPartition(probe, 1).length;
    await until('the other partition to go on', () => inPartition(sink, 1).length === other);
    expect(inPartition(sink, 0).length, 'records of the paused partition').toBe(paused);

    sink.wantsMore = () => true;
    member.resume(0);
    await until(
      'all 96',
      () => sink.records.length === 96,
      () => sink.records.length,
    );
    for (const key of keys)
      expect(sink.of(key)).toEqual([0, 1, 2, 3, 4, 5].map((index) => `${key}#${index}`));
  });

  test('resuming after each batch delivers everything once', async () => {
    const topic = bench().topic();
    const transport = await bench().replica(topic);
    const sink = new ProbeSink();
    sink.wantsMore = () => false;
    const member = await transport.consume({ group: bench().unique('group'), topic: topic.name, sink });
    for (let index = 0; index < 10; index += 1) {
      await transport.publish(numbered(topic, 'a', 1, index));
      await until(
        `record ${index}`,
        () => sink.records.length === index + 1,
        () => sink.values,
      );
      member.resume(0);
    }
    expect(sink.values).toEqual(Array.from({ length: 10 }, (_, index) => `a#${index}`));
  });

  test('the engine works off a backlog that makes it pause before consume has resolved', async () => {
    const topic = bench().topic();
    const transport = await bench().replica(topic);
    const backlog = 1_000;
    await transport.publish(numbered(topic, 'a', backlog));
    // Several at once, so that records come to some of them before their consume has resolved.
    const handled = Array.from({ length: 12 }, () => 0);
    const consumers = await Promise.all(
      handled.map(async (_, index) => {
        const group = bench().unique('group');
        const consumer = new GroupConsumer(
          handlerOf(group),
          () => Promise.resolve([]).finally(() => (handled[index]! += 1)),
          (error) => bench().fatal.push(error),
          { mostRecords: 100 },
        );
        consumer.joined(await transport.consume({ group, topic: topic.name, sink: consumer }));
        return consumer;
      }),
    );
    try {
      await until(
        'all groups to be done',
        () => handled.every((count) => count === backlog),
        () => handled,
      );
    } finally {
      await Promise.all(consumers.map((consumer) => consumer.close(0)));
    }
  });

  test('lag counts the records between the committed position and the end', async () => {
    const topic = bench().topic();
    const transport = await bench().replica(topic);
    await transport.publish(numbered(topic, 'a', 10));
    const sink = new ProbeSink();
    const member = await transport.consume({ group: bench().unique('group'), topic: topic.name, sink });
    await until('all 10 records', () => sink.records.length === 10);
    expect(await member.lag()).toBe(10);
    await member.commit(sink.assignment, new Map([[0, 4]]));
    await until('a lag of 6', async () => (await member.lag()) === 6);
    await member.commit(sink.assignment, new Map([[0, 10]]));
    await until('no lag', async () => (await member.lag()) === 0);
  });

  test('a closed member is left alone: its sink hears nothing more, and closing again does no harm', async () => {
    const topic = bench().topic();
    const transport = await bench().replica(topic);
    const [closed, open] = [new ProbeSink(), new ProbeSink()];
    const member = await transport.consume({
      group: bench().unique('group'),
      topic: topic.name,
      sink: closed,
    });
    await transport.consume({ group: bench().unique('group'), topic: topic.name, sink: open });
    await transport.publish(numbered(topic, 'a', 2));
    await until('both to have 2', () => closed.records.length === 2 && open.records.length === 2);
    await Promise.all([member.close(), member.close()]);
    await member.close();
    const calls = closed.records.length + closed.rebalances + closed.assignments.length;
    await transport.publish(numbered(topic, 'a', 5, 2));
    await until('the other group to have 7', () => open.records.length === 7);
    expect(closed.records.length + closed.rebalances + closed.assignments.length).toBe(calls);
  });

  test('closing the transport closes its members', async () => {
    const topic = bench().topic();
    const group = bench().unique('group');
    const first = await bench().replica(topic);
    const gone = new ProbeSink();
    await first.consume({ group, topic: topic.name, sink: gone });
    await until('the assignment', () => gone.partitions.length === 1);
    await first.close();
    const second = await bench().replica(topic);
    const sink = new ProbeSink();
    await second.consume({ group, topic: topic.name, sink });
    await second.publish(numbered(topic, 'a', 3));
    await until('the 3 records', () => sink.records.length === 3);
    expect(gone.records).toEqual([]);
  });
}
