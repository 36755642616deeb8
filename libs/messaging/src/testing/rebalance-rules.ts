import { expect, test } from 'vitest';
import { StaleAssignmentError, type Transport } from '../transport.js';
import { ProbeSink, WorkingSink } from './probe-sink.js';
import { numbered, record, until, type TransportBench } from './transport-bench.js';

/** What holds while members join and leave. */
export function rebalanceRules(bench: () => TransportBench): void {
  test('members that join and leave share the partitions: every record is handled, no position is rewound', async () => {
    const topic = bench().topic(6);
    const group = bench().unique('group');
    const committed = new Map<number, number>();
    const sinks: WorkingSink[] = [];
    const join = async (): Promise<{ sink: WorkingSink; leave(): Promise<void>; transport: Transport }> => {
      const transport = await bench().replica(topic);
      const sink = new WorkingSink(committed);
      sinks.push(sink);
      const member = await transport.consume({ group, topic: topic.name, sink });
      sink.attach(member);
      return { sink, transport, leave: () => member.close() };
    };

    const publisher = await bench().replica(topic);
    const keys = Array.from({ length: 24 }, (_, index) => `key-${index}`);
    let rounds = 0;
    let publishing = true;
    const published = (async () => {
      while (publishing) {
        await publisher.publish(keys.flatMap((key) => numbered(topic, key, 1, rounds)));
        rounds += 1;
      }
    })();
    const partitionsOf = (...members: { sink: WorkingSink }[]) =>
      members.flatMap(({ sink }) => sink.partitions).sort();
    const shared = (...members: { sink: WorkingSink }[]) =>
      until(
        `${members.length} members to share 6 partitions`,
        () =>
          partitionsOf(...members).join() === '0,1,2,3,4,5' &&
          members.every(({ sink }) => sink.partitions.length > 0),
        () => members.map(({ sink }) => sink.assignments.at(-1)),
      );
    const progress = async (...members: { sink: WorkingSink }[]) => {
      const start = members.map(({ sink }) => sink.handled.length);
      await until('each member to go on', () =>
        members.every(({ sink }, i) => sink.handled.length > start[i]! + 10),
      );
    };

    const first = await join();
    await shared(first);
    await progress(first);
    const second = await join();
    await shared(first, second);
    await progress(first, second);
    const third = await join();
    await shared(first, second, third);
    await progress(first, second, third);
    await first.leave();
    await shared(second, third);
    await progress(second, third);
    // Goes without a word about its member: the whole replica leaves.
    await third.transport.close();
    await shared(second);
    publishing = false;
    await published;

    const all = keys.flatMap((key) => Array.from({ length: rounds }, (_, index) => `${key}#${index}`));
    const handled = () => new Set(sinks.flatMap((sink) => sink.handled.map(({ value }) => value.toString())));
    await until(
      'every record to be handled',
      () => handled().size === all.length,
      () => `${handled().size} of ${all.length}`,
    );
    expect(sinks.flatMap(({ rewinds }) => rewinds)).toEqual([]);
    for (const sink of sinks) {
      for (const key of keys) {
        const numbers = sink.handled
          .filter((one) => one.key === key)
          .map(({ value }) => Number(value.toString().split('#')[1]));
        // A partition that left and came back starts again at the committed position: order holds from there on.
        const drops = numbers.filter((number, index) => index > 0 && number < numbers[index - 1]!).length;
        expect(drops).toBeLessThan(sink.assignments.length);
      }
    }
    const total = () => [...committed.values()].reduce((sum, offset) => sum + offset, 0);
    await until(
      'everything to be committed',
      () => total() === all.length,
      () => `${total()} of ${all.length}`,
    );
  });

  test('assignment numbers grow, and rebalancing is told before the next assignment', async () => {
    const topic = bench().topic(2);
    const group = bench().unique('group');
    const [one, two] = [await bench().replica(topic), await bench().replica(topic)];
    const [first, second] = [new ProbeSink(), new ProbeSink()];
    await one.consume({ group, topic: topic.name, sink: first });
    await until('the first to hold both', () => first.partitions.length === 2);
    await two.consume({ group, topic: topic.name, sink: second });
    await until('one each', () => first.partitions.length === 1 && second.partitions.length === 1);
    expect(first.rebalances).toBeGreaterThan(0);
    const numbers = first.assignments.map(({ number }) => number);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    await two.close();
    await until('the first to hold both again', () => first.partitions.length === 2);
  });

  test('a commit under an old assignment is refused or has no effect', async () => {
    const topic = bench().topic(2);
    const group = bench().unique('group');
    const [one, two] = [await bench().replica(topic), await bench().replica(topic)];
    await one.publish(Array.from({ length: 20 }, (_, index) => record(topic, `key-${index}`, String(index))));
    const [first, second] = [new ProbeSink(), new ProbeSink()];
    const member = await one.consume({ group, topic: topic.name, sink: first });
    await until('all 20 records', () => first.records.length === 20);
    const old = first.assignment;
    await two.consume({ group, topic: topic.name, sink: second });
    await until('one partition each', () => first.partitions.length === 1 && second.partitions.length === 1);
    const end = (partition: number) => first.records.filter((one) => one.partition === partition).length;
    const kept = first.partitions[0]!;
    for (const partitions of [[kept], [0, 1]]) {
      const refusal = await member.commit(old, new Map(partitions.map((p) => [p, end(p)]))).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (refusal !== undefined) expect(refusal).toBeInstanceOf(StaleAssignmentError);
    }
    await Promise.all([one.close(), two.close()]);

    const third = await bench().replica(topic);
    const after = new ProbeSink();
    await third.consume({ group, topic: topic.name, sink: after });
    await until(
      'all 20 records again',
      () => after.records.length === 20,
      () => after.records.length,
    );
  });

  test('a commit for a partition that another member holds is refused or has no effect', async () => {
    const topic = bench().topic(2);
    const group = bench().unique('group');
    const [one, two] = [await bench().replica(topic), await bench().replica(topic)];
    await one.publish(Array.from({ length: 20 }, (_, index) => record(topic, `key-${index}`, String(index))));
    const [first, second] = [new ProbeSink(), new ProbeSink()];
    const member = await one.consume({ group, topic: topic.name, sink: first });
    await until('all 20 records', () => first.records.length === 20);
    await two.consume({ group, topic: topic.name, sink: second });
    await until('one partition each', () => first.partitions.length === 1 && second.partitions.length === 1);
    const foreign = second.partitions[0]!;
    const end = first.records.filter(({ partition }) => partition === foreign).length;
    const refusal = await member.commit(first.assignment, new Map([[foreign, end]])).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (refusal !== undefined) expect(refusal).toBeInstanceOf(StaleAssignmentError);
    await Promise.all([one.close(), two.close()]);
    const third = await bench().replica(topic);
    const after = new ProbeSink();
    await third.consume({ group, topic: topic.name, sink: after });
    await until(
      'all 20 records again',
      () => after.records.length === 20,
      () => after.records.length,
    );
  });

  test('records of kept partitions come again at most once per rebalance, under the same offset', async () => {
    const topic = bench().topic(4);
    const group = bench().unique('group');
    const [one, two] = [await bench().replica(topic), await bench().replica(topic)];
    const sink = new ProbeSink();
    await one.publish(Array.from({ length: 40 }, (_, index) => record(topic, `key-${index}`, String(index))));
    await one.consume({ group, topic: topic.name, sink });
    await until('all 40 records', () => sink.records.length === 40);
    for (let turn = 0; turn < 2; turn += 1) {
      const joining = new ProbeSink();
      const member = await two.consume({ group, topic: topic.name, sink: joining });
      await until(
        'two partitions each',
        () => sink.partitions.length === 2 && joining.partitions.length === 2,
      );
      await member.close();
      await until('all four again', () => sink.partitions.length === 4);
    }
    await one.publish(
      Array.from({ length: 40 }, (_, index) => record(topic, `key-${index}`, `later-${index}`)),
    );
    const distinct = () => new Set(sink.records.map((r) => `${r.partition}/${r.offset}`)).size;
    await until('the later 40', () => distinct() === 80, distinct);
    const times = new Map<string, number>();
    const content = new Map<string, string>();
    for (const one of sink.records) {
      const place = `${one.partition}/${one.offset}`;
      times.set(place, (times.get(place) ?? 0) + 1);
      expect(content.get(place) ?? one.value.toString()).toBe(one.value.toString());
      content.set(place, one.value.toString());
    }
    expect(Math.max(...times.values())).toBeLessThanOrEqual(sink.assignments.length);
  });

  test('a paused partition is read again after a rebalance only when the sink wants it', async () => {
    const topic = bench().topic(2);
    const group = bench().unique('group');
    const [one, two] = [await bench().replica(topic), await bench().replica(topic)];
    const sink = new ProbeSink();
    sink.wantsMore = () => false;
    const member = await one.consume({ group, topic: topic.name, sink });
    await until('both partitions', () => sink.partitions.length === 2);
    await one.publish(Array.from({ length: 20 }, (_, index) => record(topic, `key-${index}`, String(index))));
    await until(
      'both to be paused',
      () => new Set(sink.records.map(({ partition }) => partition)).size === 2,
    );
    const joining = new ProbeSink();
    const other = await two.consume({ group, topic: topic.name, sink: joining });
    await until('one each', () => sink.partitions.length === 1 && joining.partitions.length === 1);
    await other.close();
    await until('both again', () => sink.partitions.length === 2);
    sink.wantsMore = () => true;
    for (const partition of [0, 1]) member.resume(partition);
    await one.publish(
      Array.from({ length: 20 }, (_, index) => record(topic, `key-${index}`, `later-${index}`)),
    );
    const distinct = () => new Set(sink.records.map((r) => `${r.partition}/${r.offset}`)).size;
    await until('all 40', () => distinct() === 40, distinct);
  });
}
