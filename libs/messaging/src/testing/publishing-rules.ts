import { expect, test } from 'vitest';
import { TransportUnavailableError } from '../failures.js';
import { ProbeSink } from './probe-sink.js';
import { numbered, record, until, type TransportBench } from './transport-bench.js';

/** What holds for a record between `publish` and `accept`. */
export function publishingRules(bench: () => TransportBench): void {
  test('records of one key stay in one partition and keep their order', async () => {
    const topic = bench().topic(4);
    const transport = await bench().replica(topic);
    const keys = Array.from({ length: 32 }, (_, index) => `key-${index}`);
    for (let round = 0; round < 5; round += 1) {
      await transport.publish(keys.flatMap((key) => numbered(topic, key, 2, round * 2)));
    }
    const sink = new ProbeSink();
    await transport.consume({ group: bench().unique('group'), topic: topic.name, sink });
    await until(
      'all 320 records',
      () => sink.records.length === 320,
      () => sink.records.length,
    );
    for (const key of keys) {
      expect(sink.of(key)).toEqual(Array.from({ length: 10 }, (_, index) => `${key}#${index}`));
      expect(
        new Set(sink.records.filter((one) => one.key === key).map(({ partition }) => partition)).size,
      ).toBe(1);
    }
    expect(new Set(sink.records.map(({ partition }) => partition)).size).toBeGreaterThan(1);
  });

  test('offsets count from 0, one by one, within the partition', async () => {
    const topic = bench().topic(3);
    const transport = await bench().replica(topic);
    for (let index = 0; index < 60; index += 20) {
      await transport.publish(Array.from({ length: 20 }, (_, i) => record(topic, `key-${index + i}`, 'x')));
    }
    const sink = new ProbeSink();
    await transport.consume({ group: bench().unique('group'), topic: topic.name, sink });
    await until(
      'all 60 records',
      () => sink.records.length === 60,
      () => sink.records.length,
    );
    for (const partition of [0, 1, 2]) {
      const offsets = sink.records.filter((one) => one.partition === partition).map(({ offset }) => offset);
      expect(offsets).toEqual(offsets.map((_, index) => index));
    }
  });

  test('every replica sends a key to the same partition', async () => {
    const topic = bench().topic(8);
    const [one, other] = [await bench().replica(topic), await bench().replica(topic)];
    for (const transport of [one, other]) {
      await transport.publish(Array.from({ length: 40 }, (_, index) => record(topic, `key-${index}`, 'x')));
    }
    const sink = new ProbeSink();
    await one.consume({ group: bench().unique('group'), topic: topic.name, sink });
    await until(
      'all 80 records',
      () => sink.records.length === 80,
      () => sink.records.length,
    );
    for (let index = 0; index < 40; index += 1) {
      const partitions = sink.records
        .filter(({ key }) => key === `key-${index}`)
        .map(({ partition }) => partition);
      expect(new Set(partitions).size).toBe(1);
    }
  });

  test('publish resolves when another replica can read the records', async () => {
    const topic = bench().topic();
    const writer = await bench().replica(topic);
    await writer.publish(numbered(topic, 'a', 3));
    const reader = await bench().replica(topic);
    await writer.close();
    const sink = new ProbeSink();
    await reader.consume({ group: bench().unique('group'), topic: topic.name, sink });
    await until(
      'the 3 records',
      () => sink.records.length === 3,
      () => sink.values,
    );
    expect(sink.values).toEqual(['a#0', 'a#1', 'a#2']);
  });

  test('keys, headers and values come back unaltered', async () => {
    const topic = bench().topic();
    const transport = await bench().replica(topic);
    const large = Buffer.alloc(200 * 1024, 0);
    for (let index = 0; index < large.length; index += 1) large[index] = (index * 31) % 256;
    const samples = [
      record(topic, 'ключ 鍵 🔑 "\'\\', 'größer 値 🙂', {
        traceparent: '00-ab-cd-01',
        ce_überschrift: 'жук 虫 🐞',
        empty: '',
      }),
      record(topic, 'empty', Buffer.alloc(0), {}),
      record(topic, 'binary', Buffer.from([0, 1, 0, 255, 254, 0, 128, 10, 13, 0]), {
        'content-type': 'application/octet-stream',
      }),
      record(topic, 'large', large, { size: String(large.length) }),
    ];
    const before = Date.now();
    await transport.publish(samples);
    const sink = new ProbeSink();
    await transport.consume({ group: bench().unique('group'), topic: topic.name, sink });
    await until(
      'all samples',
      () => sink.records.length === samples.length,
      () => sink.records.length,
    );
    for (const [index, sample] of samples.entries()) {
      const came = sink.records[index]!;
      expect(came.topic).toBe(topic.name);
      expect(came.key).toBe(sample.key);
      expect({ ...came.headers }).toEqual({ ...sample.headers });
      expect(came.value.equals(sample.value), `value of '${sample.key}'`).toBe(true);
      expect(Math.abs(came.timestamp - before)).toBeLessThan(300_000);
    }
  });

  test('concurrent publishes lose and double nothing and keep the order of the calls for each key', async () => {
    const topic = bench().topic(4);
    const transport = await bench().replica(topic);
    const keys = Array.from({ length: 10 }, (_, index) => `key-${index}`);
    const publishes: Promise<void>[] = [];
    for (let call = 0; call < 300; call += 1) {
      const key = keys[call % keys.length]!;
      publishes.push(transport.publish(numbered(topic, key, 2, Math.floor(call / keys.length) * 2)));
    }
    await Promise.all(publishes);
    const sink = new ProbeSink();
    await transport.consume({ group: bench().unique('group'), topic: topic.name, sink });
    await until(
      'all 600 records',
      () => sink.records.length >= 600,
      () => sink.records.length,
    );
    for (const key of keys)
      expect(sink.of(key)).toEqual(Array.from({ length: 60 }, (_, index) => `${key}#${index}`));
  });

  test('one publish may name several topics', async () => {
    const [first, second] = [bench().topic(), bench().topic(2)];
    const transport = await bench().replica(first, second);
    await transport.publish([record(first, 'a', '1'), record(second, 'a', '2'), record(first, 'a', '3')]);
    await transport.publish([]);
    const sinks = [new ProbeSink(), new ProbeSink()];
    await transport.consume({ group: bench().unique('group'), topic: first.name, sink: sinks[0]! });
    await transport.consume({ group: bench().unique('group'), topic: second.name, sink: sinks[1]! });
    await until('the 3 records', () => sinks[0]!.records.length + sinks[1]!.records.length === 3);
    expect(sinks.map(({ values }) => values)).toEqual([['1', '3'], ['2']]);
  });

  test('close flushes what is being published, can be repeated, and later publishes are refused', async () => {
    const topic = bench().topic(2);
    const writer = await bench().replica(topic);
    const reader = await bench().replica(topic);
    const publishes = Array.from({ length: 20 }, (_, index) =>
      writer.publish([record(topic, `key-${index}`, String(index))]),
    );
    await writer.close();
    await Promise.all(publishes);
    await writer.close();
    await expect(writer.publish([record(topic, 'late', 'x')])).rejects.toBeInstanceOf(
      TransportUnavailableError,
    );
    const sink = new ProbeSink();
    await reader.consume({ group: bench().unique('group'), topic: topic.name, sink });
    await until(
      'all 20 records',
      () => sink.records.length === 20,
      () => sink.records.length,
    );
  });

  test('start may be repeated, and finds what is there', async () => {
    const topic = bench().topic(2);
    const transport = await bench().replica(topic);
    await transport.publish([record(topic, 'a', 'kept')]);
    await transport.start([topic]);
    const another = await bench().replica(topic, bench().topic());
    const sink = new ProbeSink();
    await another.consume({ group: bench().unique('group'), topic: topic.name, sink });
    await until('the record', () => sink.records.length === 1);
    expect(sink.values).toEqual(['kept']);
  });

  test('a different number of partitions than the topic has is refused, naming the topic', async () => {
    const topic = bench().topic(2);
    await bench().replica(topic);
    await expect(bench().replica({ ...topic, partitions: 3 })).rejects.toThrow(topic.name);
  });

  test('ping resolves while the log answers', async () => {
    const transport = await bench().replica(bench().topic());
    await transport.ping();
    expect(transport.name).not.toBe('');
  });
}
