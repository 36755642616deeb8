import { expect, test } from 'vitest';
import { TransportUnavailableError } from '../failures.js';
import { ProbeSink, WorkingSink } from './probe-sink.js';
import { numbered, record, until, type TransportBench } from './transport-bench.js';

/** What holds when the server is ended hard and comes back. */
export function restartRules(bench: () => TransportBench): void {
  test('a hard restart of the server loses nothing acknowledged, and publishing and consuming go on by themselves', async (context) => {
    if (!bench().canRestart) context.skip('this driver cannot restart its server');
    const topic = bench().topic(3);
    const transport = await bench().replica(topic);
    const sink = new WorkingSink(new Map());
    sink.attach(await transport.consume({ group: bench().unique('group'), topic: topic.name, sink }));
    const heard = new Set<string>();
    let connects = 0;
    await transport.broadcast({
      topic: topic.name,
      onConnect: () => (connects += 1),
      onRecord: ({ value }) => heard.add(value.toString()),
    });

    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    const acknowledged = new Map<string, string[]>(keys.map((key) => [key, []]));
    const strange: unknown[] = [];
    let publishing = true;
    const publishers = keys.map(async (key) => {
      for (let index = 0; publishing; index += 1) {
        const value = `${key}#${index}`;
        try {
          await transport.publish([record(topic, key, value)]);
          acknowledged.get(key)!.push(value);
        } catch (error) {
          if (!(error instanceof TransportUnavailableError)) strange.push(error);
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
    const acked = () => [...acknowledged.values()].reduce((sum, values) => sum + values.length, 0);
    await until('200 acknowledged records', () => acked() >= 200, acked);
    expect(connects).toBeGreaterThan(0);
    const connected = connects;
    await bench().restart();
    const before = acked();
    await until('200 more after the restart', () => acked() >= before + 200, acked, 120_000);
    const last = [...acknowledged.values()].map((values) => values.at(-1)!);
    await until(
      'the broadcast to go on',
      () => last.some((value) => heard.has(value)) || heard.size > before + 100,
      () => heard.size,
      120_000,
    );
    publishing = false;
    await Promise.all(publishers);
    const unheard = () => [...acknowledged.values()].flat().filter((value) => !heard.has(value));
    await until(
      'the broadcast to miss nothing, or to be told to read anew what it may have missed',
      () => connects > connected || unheard().length === 0,
      () => unheard().slice(0, 20),
    );

    expect(strange).toEqual([]);
    const handled = () => new Set(sink.handled.map(({ value }) => value.toString()));
    const missing = () => {
      const seen = handled();
      return [...acknowledged.values()].flat().filter((value) => !seen.has(value));
    };
    await until(
      'everything acknowledged to be handled',
      () => missing().length === 0,
      () => missing().slice(0, 20),
      120_000,
    );
    for (const key of keys) {
      const order = new Map<string, number>();
      for (const value of sink.of(key)) if (!order.has(value)) order.set(value, order.size);
      const positions = acknowledged.get(key)!.map((value) => order.get(value)!);
      expect(positions).toEqual([...positions].sort((x, y) => x - y));
    }
    expect(bench().fatal).toEqual([]);
    await transport.ping();
    sink.detach();
  });

  test('commits survive a hard restart of the server', async (context) => {
    if (!bench().canRestart) context.skip('this driver cannot restart its server');
    const topic = bench().topic();
    const group = bench().unique('group');
    const first = await bench().replica(topic);
    await first.publish(numbered(topic, 'a', 10));
    const before = new ProbeSink();
    const member = await first.consume({ group, topic: topic.name, sink: before });
    await until('all 10 records', () => before.records.length === 10);
    await member.commit(before.assignment, new Map([[0, 7]]));
    await bench().restart();
    await first.close();
    const second = await bench().replica(topic);
    const after = new ProbeSink();
    await second.consume({ group, topic: topic.name, sink: after });
    await until(
      'the uncommitted 3',
      () => after.records.at(-1)?.offset === 9,
      () => after.values,
      120_000,
    );
    expect(after.values).toEqual(['a#7', 'a#8', 'a#9']);
  });
}
