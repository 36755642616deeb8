import type { OutgoingRecord } from '@clawdesk/messaging';
import { describe, expect, it, vi } from 'vitest';
import { PublishQueue, type PublishQueueOptions } from './publish-queue.js';

const record = (value: string, size = value.length): OutgoingRecord => ({
  topic: 't',
  key: 'k',
  headers: {},
  value: Buffer.from(value.padEnd(size)),
});
const values = (records: readonly OutgoingRecord[]): string[] =>
  records.map(({ value }) => value.toString().trim());

class Broker {
  readonly batches: string[][] = [];
  /** What becomes of each batch in turn; the last one for all that follow. */
  answers: ((values: string[]) => Error | undefined)[] = [() => undefined];
  running = 0;
  most = 0;
  readonly queue: PublishQueue;

  constructor(options: Partial<PublishQueueOptions> = {}) {
    this.queue = new PublishQueue({
      send: (records) => this.send(values(records)),
      mayRetry: (error) => (error as Error).message !== 'refused',
      asFailure: (error) => error as Error,
      limitMs: 10_000,
      ...options,
    });
  }

  private async send(batch: string[]): Promise<void> {
    this.batches.push(batch);
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    await new Promise((resolve) => setImmediate(resolve));
    this.running -= 1;
    const answer = this.answers.length > 1 ? this.answers.shift()! : this.answers[0]!;
    const error = answer(batch);
    if (error) throw error;
  }
}

describe('PublishQueue', () => {
  it('sends calls of the same moment together, and what comes meanwhile in the next batch', async () => {
    const broker = new Broker();
    const first = Promise.all([
      broker.queue.publish([record('a')]),
      broker.queue.publish([record('b'), record('c')]),
    ]);
    await new Promise((resolve) => process.nextTick(resolve));
    await Promise.all([first, broker.queue.publish([record('d')]), broker.queue.publish([record('e')])]);
    expect(broker.batches).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
    expect(broker.most).toBe(1);
  });

  it('sends a failed batch again, whole, before anything later', async () => {
    const broker = new Broker();
    broker.answers = [() => new Error('gone'), () => new Error('gone'), () => undefined];
    const first = broker.queue.publish([record('a')]);
    await new Promise((resolve) => setTimeout(resolve, 1));
    await Promise.all([first, broker.queue.publish([record('b')])]);
    expect(broker.batches).toEqual([['a'], ['a'], ['a'], ['b']]);
  });

  it('rejects when the time is up', async () => {
    const broker = new Broker({ limitMs: 20 });
    broker.answers = [() => new Error('gone')];
    await expect(broker.queue.publish([record('a')])).rejects.toThrow('gone');
  });

  it('rejects when the time is up although the sending hangs, and those that wait behind it', async () => {
    const broker = new Broker({ limitMs: 40, send: () => new Promise(() => undefined) });
    const first = broker.queue.publish([record('a')]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const results = await Promise.allSettled([first, broker.queue.publish([record('b')])]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('goes on after a sending that never ends', async () => {
    let hung = 0;
    let sent = 0;
    const queue = new PublishQueue({
      send: () => ((sent += 1) === 1 ? new Promise(() => undefined) : Promise.resolve()),
      mayRetry: () => true,
      asFailure: (error) => error as Error,
      limitMs: 20,
      onHang: () => (hung += 1),
    });
    await expect(queue.publish([record('a')])).rejects.toThrow();
    await vi.waitFor(() => queue.publish([record('b')]));
    expect([hung, sent]).toEqual([1, 2]);
  });

  it('gives up only the calls whose own time is over, and sends the others of their batch again', async () => {
    let hanging: () => void = () => undefined;
    const hang = new Promise<void>((resolve) => (hanging = resolve));
    const sent: string[][] = [];
    const queue = new PublishQueue({
      send: async (records) => {
        sent.push(values(records));
        if (sent.length === 1) return hang;
        if (sent.length < 4) throw new Error('gone');
      },
      mayRetry: () => true,
      asFailure: (error) => error as Error,
      limitMs: 300,
    });
    const first = queue.publish([record('a')]);
    await new Promise((resolve) => setTimeout(resolve, 1));
    const old = queue.publish([record('old')]);
    await new Promise((resolve) => setTimeout(resolve, 250));
    const fresh = queue.publish([record('fresh')]);
    hanging();
    await first;
    const results = await Promise.allSettled([old, fresh]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(sent[1]).toEqual(['old', 'fresh']);
    expect(sent.at(-1)).toEqual(['fresh']);
  });

  it('gives each batch a single attempt after one was given up, until one succeeds', async () => {
    const broker = new Broker({ limitMs: 20 });
    broker.answers = [() => new Error('gone')];
    await broker.queue.publish([record('a')]).catch(() => undefined);
    const before = broker.batches.length;
    await broker.queue.publish([record('b')]).catch(() => undefined);
    expect(broker.batches.length).toBe(before + 1);
    broker.answers = [() => undefined];
    await broker.queue.publish([record('c')]);
    expect(broker.batches.at(-1)).toEqual(['c']);
  });

  it('rejects only the call whose record is refused, and keeps the order of the others', async () => {
    const broker = new Broker();
    broker.answers = [(batch) => (batch.includes('bad') ? new Error('refused') : undefined)];
    const results = await Promise.allSettled(
      ['a', 'bad', 'b'].map((value) => broker.queue.publish([record(value)])),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(broker.batches.slice(1)).toEqual([['a'], ['bad'], ['b']]);
  });

  it('keeps a batch below its size, but never splits a call', async () => {
    const broker = new Broker({ mostBytes: 2_000 });
    await Promise.all([
      broker.queue.publish([record('a', 500), record('b', 500), record('c', 2_000)]),
      broker.queue.publish([record('d', 700)]),
      broker.queue.publish([record('e', 700)]),
    ]);
    expect(broker.batches).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
  });

  it('flush waits for everything that is being published', async () => {
    const broker = new Broker();
    let done = 0;
    for (const value of ['a', 'b', 'c']) void broker.queue.publish([record(value)]).then(() => (done += 1));
    await broker.queue.flush();
    expect(done).toBe(3);
  });
});
