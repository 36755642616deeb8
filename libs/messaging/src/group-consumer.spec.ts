import { Topics } from '@clawdesk/envelope';
import { registry } from '@clawdesk/tracing';
import { afterEach, describe, expect, it } from 'vitest';
import type { Delivery, Handle, RegisteredHandler } from './delivery.js';
import { GroupConsumer, type GroupConsumerOptions } from './group-consumer.js';
import { RevokedError } from './revoked.js';
import { StaleAssignmentError, type GroupMember, type LogRecord } from './transport.js';

const handler: RegisteredHandler = {
  topic: Topics.messageReceived,
  service: 'nlu',
  options: {
    group: 'nlu.understand-message',
    kind: 'stateless',
    concurrency: 8,
    timeoutMs: 1_000,
    attempts: 3,
    span: 'process_message',
  },
  invoke: () => Promise.resolve([]),
};

const record = (partition: number, offset: number, key = `k${offset}`): LogRecord => ({
  topic: 'message.received',
  partition,
  offset,
  key,
  headers: {},
  value: Buffer.from('x'),
  timestamp: 0,
});

/** Handles each record when the test says so. */
class Desk {
  readonly taken: Delivery[] = [];
  private readonly ends = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  readonly handle: Handle = (delivery) =>
    new Promise((resolve, reject) => {
      this.taken.push(delivery);
      this.ends.set(`${delivery.record.partition}:${delivery.record.offset}`, {
        resolve: () => resolve([]),
        reject,
      });
      delivery.signal.addEventListener('abort', () => reject(delivery.signal.reason as Error));
    });
  async finish(...ids: string[]): Promise<void> {
    for (const id of ids) this.ends.get(id)!.resolve();
    await settle();
  }
  get offsets(): string[] {
    return this.taken.map(({ record: { partition, offset } }) => `${partition}:${offset}`);
  }
}

class Member implements GroupMember {
  readonly commits: [number, Record<number, number>][] = [];
  readonly resumed: number[] = [];
  stale = false;
  closed = false;
  commit(assignment: number, offsets: ReadonlyMap<number, number>): Promise<void> {
    if (this.stale) return Promise.reject(new StaleAssignmentError('g'));
    this.commits.push([assignment, Object.fromEntries(offsets)]);
    return Promise.resolve();
  }
  resume(partition: number): void {
    this.resumed.push(partition);
  }
  lag(): Promise<number> {
    return Promise.resolve(0);
  }
  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const commitTick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('GroupConsumer', () => {
  const open: GroupConsumer[] = [];
  const errors: Error[] = [];
  interface Started {
    consumer: GroupConsumer;
    desk: Desk;
    member: Member;
  }
  const startUnjoined = (options: GroupConsumerOptions = {}): Started => {
    const desk = new Desk();
    const member = new Member();
    const consumer = new GroupConsumer(handler, desk.handle, (error) => errors.push(error), {
      commitEveryMs: 1,
      ...options,
    });
    open.push(consumer);
    return { consumer, desk, member };
  };
  const start = (options: GroupConsumerOptions = {}): Started => {
    const started = startUnjoined(options);
    started.consumer.joined(started.member);
    return started;
  };

  afterEach(async () => {
    await Promise.all(open.splice(0).map((consumer) => consumer.close(0)));
    expect(errors.splice(0)).toEqual([]);
  });

  it('commits the lowest unfinished offset, not the highest finished one', async () => {
    const { consumer, desk, member } = start();
    consumer.assigned([0], 1);
    consumer.accept(0, [record(0, 0), record(0, 1), record(0, 2)]);
    await desk.finish('0:2', '0:0');
    await commitTick();
    expect(member.commits).toEqual([[1, { 0: 1 }]]);
    await desk.finish('0:1');
    await commitTick();
    expect(member.commits.at(-1)).toEqual([1, { 0: 3 }]);
  });

  it('recognises records of kept partitions that come again after a rebalance', async () => {
    const { consumer, desk } = start();
    consumer.assigned([0, 1], 1);
    consumer.accept(0, [record(0, 0), record(0, 1)]);
    await desk.finish('0:0');
    consumer.rebalancing();
    consumer.assigned([0], 2);
    consumer.accept(0, [record(0, 0), record(0, 1), record(0, 2)]);
    await settle();
    expect(desk.offsets).toEqual(['0:0', '0:1', '0:2']);
  });

  it('aborts running records of lost partitions, drops queued ones and never commits them', async () => {
    const { consumer, desk, member } = start();
    consumer.assigned([0, 1], 1);
    consumer.accept(1, [record(1, 0, 'same'), record(1, 1, 'same')]);
    consumer.rebalancing();
    consumer.assigned([0], 2);
    await settle();
    await commitTick();
    expect(desk.taken[0]!.signal.reason).toBeInstanceOf(RevokedError);
    expect(desk.offsets).toEqual(['1:0']);
    expect(member.commits).toEqual([]);
  });

  it('handles a lost partition from its commit when it comes back', async () => {
    const { consumer, desk } = start();
    consumer.assigned([0], 1);
    consumer.accept(0, [record(0, 5)]);
    consumer.assigned([], 2);
    consumer.assigned([0], 3);
    consumer.accept(0, [record(0, 5)]);
    await settle();
    expect(desk.offsets).toEqual(['0:5', '0:5']);
  });

  it('commits nothing while a rebalance is going on', async () => {
    const { consumer, desk, member } = start();
    consumer.assigned([0], 1);
    consumer.accept(0, [record(0, 0)]);
    consumer.rebalancing();
    await desk.finish('0:0');
    await commitTick();
    expect(member.commits).toEqual([]);
    consumer.assigned([0], 2);
    await commitTick();
    expect(member.commits).toEqual([[2, { 0: 1 }]]);
  });

  it('commits again what a stale commit did not take', async () => {
    const { consumer, desk, member } = start();
    consumer.assigned([0], 1);
    consumer.accept(0, [record(0, 0)]);
    member.stale = true;
    await desk.finish('0:0');
    await commitTick();
    member.stale = false;
    await commitTick();
    expect(member.commits).toEqual([[1, { 0: 1 }]]);
  });

  it('pauses fetching above its limit and resumes below half of it', async () => {
    const { consumer, desk, member } = start({ mostRecords: 4 });
    consumer.assigned([0], 1);
    expect(
      consumer.accept(
        0,
        [0, 1, 2].map((offset) => record(0, offset)),
      ),
    ).toBe(true);
    expect(consumer.accept(0, [record(0, 3)])).toBe(false);
    await desk.finish('0:0');
    expect(member.resumed).toEqual([]);
    await desk.finish('0:1');
    expect(member.resumed).toEqual([0]);
  });

  it('counts a rebalance as progress: nothing can be taken meanwhile', async () => {
    const { consumer } = start();
    const before = consumer.lastProgressAt;
    await commitTick();
    consumer.rebalancing();
    expect(consumer.lastProgressAt).toBeGreaterThan(before);
  });

  it('shows how many records are in flight, down to none', async () => {
    const { consumer, desk } = start();
    const shown = async (): Promise<number | undefined> => {
      const metric = await registry.getSingleMetric('clawdesk_records_in_flight')!.get();
      return metric.values.find(({ labels }) => labels['group'] === handler.options.group)?.value;
    };
    consumer.assigned([0], 1);
    consumer.accept(0, [record(0, 0), record(0, 1)]);
    expect(await shown()).toBe(2);
    await desk.finish('0:0', '0:1');
    expect(await shown()).toBe(0);
  });

  it('resumes what it paused before it had joined', async () => {
    const { consumer, desk, member } = startUnjoined({ mostRecords: 2 });
    consumer.assigned([0], 1);
    expect(consumer.accept(0, [record(0, 0), record(0, 1)])).toBe(false);
    await desk.finish('0:0', '0:1');
    consumer.joined(member);
    expect(member.resumed).toEqual([0]);
  });

  it('on close finishes what runs, leaves what is queued, and commits', async () => {
    const { consumer, desk, member } = start();
    consumer.assigned([0], 1);
    consumer.accept(0, [record(0, 0, 'same'), record(0, 1, 'same')]);
    const closed = consumer.close(10_000);
    await desk.finish('0:0');
    await closed;
    expect(desk.offsets).toEqual(['0:0']);
    expect(member.commits).toEqual([[1, { 0: 1 }]]);
    expect(member.closed).toBe(true);
  });
});
