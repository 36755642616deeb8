import type { StreamsConfig } from './gateway.config.js';
import type { StreamEvent } from './stream-events.store.js';

/** Where a stream's text goes: a client's connection. */
export interface StreamSink {
  /** Called once, before anything is written. */
  open(): void;
  write(text: string): void;
  /** Bytes that wait for the client. */
  readonly buffered: number;
  /** Calls once, when the client has taken all that waited. */
  onceTaken(listener: () => void): void;
  /** Closes the connection; `hard`: at once, whatever waits. */
  close(hard: boolean): void;
}

export interface StreamParts {
  /** Number of the last event that the client has. */
  after: number;
  sink: StreamSink;
  read(after: number, most: number): Promise<StreamEvent[]>;
  /** The store could not be read, so the stream ends. */
  onError(error: unknown): void;
  config: Pick<StreamsConfig, 'page' | 'mostBuffered' | 'patienceMs'>;
  now?: () => number;
}

/**
 * One client's stream of one conversation, in order, without a gap and without a double. Events come from memory while
 * they follow on; when one does not, or too much waits for the client, they are read from the store when there is room.
 */
export class LiveStream {
  private last: number;
  /** The store is being read; until the first page is there nothing is written. */
  private reading = true;
  /** There may be more in the store than was read. */
  private behind = false;
  /** Number of an event that waits for one before it. */
  private held = 0;
  /** As much waits for the client as may wait. */
  private full = false;
  private stuckSince: number | undefined;
  private opened = false;
  private ended = false;

  constructor(private readonly parts: StreamParts) {
    this.last = parts.after;
  }

  /**
   * Reads the first page and opens the sink. Events must be offered from before: then nothing falls in between.
   * @returns whether the sink was opened: it is not when the stream has ended meanwhile
   * @throws when the store cannot be read; the sink is not opened then either.
   */
  async start(): Promise<boolean> {
    const { read, sink, config } = this.parts;
    const events = await read(this.last, config.page);
    if (this.ended) return false;
    sink.open();
    this.opened = true;
    this.emit(events);
    this.behind ||= this.mayHaveMore(events);
    this.reading = false;
    this.goOn();
    return true;
  }

  /** Events that have just been stored, in order. */
  offer(events: readonly StreamEvent[]): void {
    const fresh = events.filter(({ sequence }) => sequence > this.last);
    if (fresh.length === 0) return;
    if (this.reading || this.full || fresh[0]!.sequence !== this.last + 1) return this.catchUp();
    this.emit(fresh);
    if (this.held > this.last) this.catchUp();
  }

  /** There may be events that nobody offered. */
  catchUp(): void {
    this.behind = true;
    this.goOn();
  }

  /** A sign of life. Drops a client for which something has waited for too long; it resumes where it was. */
  heartbeat(): void {
    if (this.ended || this.reading) return;
    if (this.parts.sink.buffered === 0) {
      this.stuckSince = undefined;
      this.parts.sink.write(': heartbeat\n\n');
      return;
    }
    const now = (this.parts.now ?? Date.now)();
    this.stuckSince ??= now;
    if (now - this.stuckSince >= this.parts.config.patienceMs) this.end(true);
  }

  /** The client went, or the stream is over. */
  end(hard: boolean): void {
    if (this.ended) return;
    this.ended = true;
    if (this.opened) this.parts.sink.close(hard);
  }

  private goOn(): void {
    if (!this.behind || this.reading || this.full || this.ended) return;
    this.reading = true;
    this.readPages().then(
      () => {
        this.reading = false;
        // Room may have come, or another event, since the last look.
        this.goOn();
      },
      (error: unknown) => {
        this.parts.onError(error);
        this.end(false);
      },
    );
  }

  private async readPages(): Promise<void> {
    const { read, config } = this.parts;
    while (this.behind && !this.full && !this.ended) {
      this.behind = false;
      const events = await read(this.last, config.page);
      this.emit(events);
      this.behind ||= this.mayHaveMore(events);
    }
  }

  /** A full page has another one after it, unless an event that is missing ends what can be shown. */
  private mayHaveMore(events: readonly StreamEvent[]): boolean {
    return events.length === this.parts.config.page && this.held <= this.last;
  }

  /** Whether the stream may begin at an event although numbers before it are missing: the store has forgotten them. */
  private beginsAt(old: boolean | undefined): boolean {
    return old === true && this.last === this.parts.after;
  }

  /**
   * Writes events that follow on. The log keeps the order of one handler's changes only, so one may be stored before
   * another with a lower number: it waits, since a client never goes back.
   */
  private emit(events: readonly StreamEvent[]): void {
    const { sink, config } = this.parts;
    for (const { sequence, kind, data, old } of events) {
      if (this.ended || sequence <= this.last) continue;
      if (this.full) {
        this.behind = true;
        return;
      }
      if (sequence !== this.last + 1 && !this.beginsAt(old)) {
        this.held = sequence;
        return;
      }
      sink.write(`id: ${sequence}\nevent: ${kind}\ndata: ${data}\n\n`);
      this.last = sequence;
      if (sink.buffered < config.mostBuffered) continue;
      this.full = true;
      sink.onceTaken(() => {
        this.full = false;
        this.goOn();
      });
    }
  }
}
