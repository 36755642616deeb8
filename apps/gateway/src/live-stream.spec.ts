import { describe, expect, it } from 'vitest';
import { LiveStream, type StreamSink } from './live-stream.js';
import type { StreamEvent } from './stream-events.store.js';

const event = (sequence: number): StreamEvent => ({
  sequence,
  kind: 'message',
  data: `{"sequence":${sequence}}`,
});
const events = (from: number, to: number): StreamEvent[] =>
  Array.from({ length: to - from + 1 }, (_, i) => event(from + i));

interface Rig {
  stream: LiveStream;
  sink: StreamSink & { text: string; opened: boolean; closed: 'hard' | 'soft' | undefined; take(): void };
  /** What the store has. */
  stored: StreamEvent[];
  reads: number[];
  /** Lets reads that wait go on. */
  read(): Promise<void>;
  later(ms: number): void;
  sequences(): number[];
}

function rig({ after = 0, page = 3, mostBuffered = 1_000 } = {}): Rig {
  let now = 0;
  let taken: (() => void) | undefined;
  const waiting: (() => void)[] = [];
  const stored: StreamEvent[] = [];
  const reads: number[] = [];
  let buffered = 0;
  const sink = {
    text: '',
    opened: false,
    closed: undefined as 'hard' | 'soft' | undefined,
    open: () => void (sink.opened = true),
    write: (text: string) => {
      sink.text += text;
      buffered += text.length;
    },
    get buffered() {
      return buffered;
    },
    onceTaken: (listener: () => void) => void (taken = listener),
    close: (hard: boolean) => void (sink.closed = hard ? 'hard' : 'soft'),
    take: () => {
      buffered = 0;
      const listener = taken;
      taken = undefined;
      listener?.();
    },
  };
  const stream = new LiveStream({
    after,
    sink,
    read: async (from, most) => {
      reads.push(from);
      const seen = stored.filter(({ sequence }) => sequence > from).slice(0, most);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return seen;
    },
    onError: () => undefined,
    config: { page, mostBuffered, patienceMs: 30_000 },
    now: () => now,
  });
  const read = async (): Promise<void> => {
    while (waiting.length > 0) {
      waiting.shift()?.();
      for (let turns = 0; turns < 10; turns++) await Promise.resolve();
    }
  };
  const sequences = (): number[] => [...sink.text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  return { stream, sink, stored, reads, read, later: (ms) => void (now += ms), sequences };
}

async function started(options: Parameters<typeof rig>[0] = {}, stored: StreamEvent[] = []): Promise<Rig> {
  const made = rig(options);
  made.stored.push(...stored);
  const starting = made.stream.start();
  await made.read();
  await starting;
  return made;
}

describe('LiveStream', () => {
  it('writes events as the protocol asks', async () => {
    const { sink } = await started({}, [event(1)]);
    expect(sink.text).toBe('id: 1\nevent: message\ndata: {"sequence":1}\n\n');
  });

  it('begins with the store, page by page, after what the client has', async () => {
    const { sequences, reads } = await started({ after: 2 }, events(1, 9));
    expect(sequences()).toEqual([3, 4, 5, 6, 7, 8, 9]);
    expect(reads).toEqual([2, 5, 8]);
  });

  it('goes on from memory without looking into the store', async () => {
    const { stream, sequences, reads } = await started({}, events(1, 2));
    stream.offer(events(3, 4));
    stream.offer(events(5, 5));
    expect(sequences()).toEqual([1, 2, 3, 4, 5]);
    expect(reads).toEqual([0]);
  });

  it('loses nothing that comes while the store is read', async () => {
    const { stream, stored, read, sequences } = rig();
    const starting = stream.start();
    // After the query has seen the table, before its answer is here.
    stored.push(...events(1, 2));
    stream.offer(events(1, 2));
    await read();
    await starting;
    expect(sequences()).toEqual([1, 2]);
  });

  it('leaves out what comes twice', async () => {
    const { stream, sequences } = await started({}, events(1, 3));
    stream.offer(events(2, 4));
    stream.offer(events(1, 4));
    expect(sequences()).toEqual([1, 2, 3, 4]);
  });

  it('reads from the store what does not follow on', async () => {
    const { stream, stored, read, sequences } = await started({}, events(1, 1));
    stored.push(...events(2, 4));
    stream.offer([event(4)]);
    expect(sequences()).toEqual([1]);
    await read();
    expect(sequences()).toEqual([1, 2, 3, 4]);
  });

  it('keeps an event back until those before it are there, however late they come', async () => {
    const { stream, stored, read, reads, sequences } = await started({}, [event(1), ...events(4, 6)]);
    expect(sequences()).toEqual([1]);
    stored.push(event(7));
    stream.offer([event(7)]);
    await read();
    expect(sequences()).toEqual([1]);
    stored.splice(1, 0, ...events(2, 3));
    stream.offer(events(2, 3));
    await read();
    expect(sequences()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(reads.length).toBeLessThan(6);
  });

  it('begins later when the store has forgotten the beginning', async () => {
    const { sequences } = await started({}, [{ ...event(8), old: true }, event(9), event(11)]);
    expect(sequences()).toEqual([8, 9]);
  });

  it('does not pile up events for a slow client, and loses none', async () => {
    const { stream, sink, stored, read, sequences } = await started({ mostBuffered: 100 });
    for (const each of events(1, 50)) {
      stored.push(each);
      stream.offer([each]);
    }
    await read();
    expect(sink.buffered).toBeLessThan(200);
    for (let rounds = 0; rounds < 50; rounds++) {
      sink.take();
      await read();
    }
    expect(sequences()).toEqual(events(1, 50).map(({ sequence }) => sequence));
    expect(sink.closed).toBeUndefined();
  });

  it('drops a client that takes nothing for too long', async () => {
    const { stream, sink, later } = await started({}, events(1, 1));
    stream.heartbeat();
    later(29_999);
    stream.heartbeat();
    expect(sink.closed).toBeUndefined();
    later(1);
    stream.heartbeat();
    expect(sink.closed).toBe('hard');
    stream.offer([event(2)]);
    expect(sink.text).not.toContain('id: 2');
  });

  it('shows a quiet client that it is alive', async () => {
    const { stream, sink } = await started();
    stream.heartbeat();
    expect(sink.text).toBe(': heartbeat\n\n');
  });

  it('opens nothing when it ended before it began', async () => {
    const { stream, sink, read } = rig();
    const starting = stream.start();
    stream.end(true);
    await read();
    expect(await starting).toBe(false);
    expect([sink.opened, sink.closed]).toEqual([false, undefined]);
  });

  it('ends when the store cannot be read, so that the client comes again', async () => {
    const closed: boolean[] = [];
    const errors: unknown[] = [];
    let readable = true;
    const stream = new LiveStream({
      after: 0,
      sink: {
        open: () => undefined,
        write: () => undefined,
        buffered: 0,
        onceTaken: () => undefined,
        close: (hard) => void closed.push(hard),
      },
      read: () => (readable ? Promise.resolve([]) : Promise.reject(new Error('away'))),
      onError: (error) => void errors.push(error),
      config: { page: 3, mostBuffered: 100, patienceMs: 1 },
    });
    await stream.start();
    readable = false;
    stream.catchUp();
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toEqual([false]);
    expect(errors).toHaveLength(1);
  });
});
