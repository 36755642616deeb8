import { expect, test } from 'vitest';
import type { LogRecord } from '../transport.js';
import { numbered, record, until, type TransportBench } from './transport-bench.js';

/** Writes down what a broadcast subscription hears. */
class Listener {
  readonly heard: string[] = [];
  readonly records: LogRecord[] = [];
  connects = 0;
  readonly onConnect = (): void => {
    this.connects += 1;
    this.heard.push('connect');
  };
  readonly onRecord = (one: LogRecord): void => {
    this.records.push(one);
    this.heard.push(one.value.toString());
  };
}

/** What holds for broadcasts. */
export function broadcastRules(bench: () => TransportBench): void {
  test('a broadcast reaches every replica, from now on, with onConnect first', async () => {
    const topic = bench().topic(3);
    const [one, two] = [await bench().replica(topic), await bench().replica(topic)];
    await one.publish(Array.from({ length: 9 }, (_, index) => record(topic, `key-${index}`, 'before')));
    const listeners = [new Listener(), new Listener(), new Listener()];
    for (const [index, transport] of [one, one, two].entries()) {
      await transport.broadcast({ topic: topic.name, ...listeners[index]! });
    }
    await until('all to be connected', () => listeners.every(({ connects }) => connects > 0));
    const later = Array.from({ length: 12 }, (_, index) =>
      record(topic, `key-${index}`, `after-${index}`, { n: String(index) }),
    );
    await two.publish(later);
    for (const listener of listeners) {
      await until(
        'all 12',
        () => listener.records.length >= 12,
        () => listener.heard,
      );
      expect(listener.heard[0]).toBe('connect');
      expect(listener.records.map(({ value }) => value.toString()).sort()).toEqual(
        later.map(({ value }) => value.toString()).sort(),
      );
      expect(listener.records[0]!.headers['n']).toBeDefined();
    }
  });

  test('broadcast records of one key keep their order', async () => {
    const topic = bench().topic(2);
    const transport = await bench().replica(topic);
    const listener = new Listener();
    await transport.broadcast({ topic: topic.name, ...listener });
    for (let index = 0; index < 20; index += 1) await transport.publish(numbered(topic, 'a', 1, index));
    await until(
      'all 20',
      () => listener.records.length === 20,
      () => listener.heard,
    );
    expect(listener.records.map(({ value }) => value.toString())).toEqual(
      Array.from({ length: 20 }, (_, i) => `a#${i}`),
    );
  });

  test('a closed broadcast hears nothing more; closing again does no harm', async () => {
    const topic = bench().topic();
    const transport = await bench().replica(topic);
    const [closed, open] = [new Listener(), new Listener()];
    const subscription = await transport.broadcast({ topic: topic.name, ...closed });
    await transport.broadcast({ topic: topic.name, ...open });
    await transport.publish(numbered(topic, 'a', 1));
    await until('both to have it', () => closed.records.length === 1 && open.records.length === 1);
    await subscription.close();
    await subscription.close();
    await transport.publish(numbered(topic, 'a', 3, 1));
    await until('the other to have 4', () => open.records.length === 4);
    expect(closed.records.length).toBe(1);
  });

  test('a group and a broadcast of one topic do not disturb each other', async () => {
    const topic = bench().topic(2);
    const transport = await bench().replica(topic);
    const listener = new Listener();
    const grouped: string[] = [];
    await transport.consume({
      group: bench().unique('group'),
      topic: topic.name,
      sink: {
        assigned: () => undefined,
        rebalancing: () => undefined,
        accept: (_partition, records) => {
          grouped.push(...records.map(({ value }) => value.toString()));
          return true;
        },
      },
    });
    await transport.broadcast({ topic: topic.name, ...listener });
    await transport.publish(
      Array.from({ length: 10 }, (_, index) => record(topic, `key-${index}`, String(index))),
    );
    await until('both to have all 10', () => grouped.length === 10 && listener.records.length === 10);
  });
}
