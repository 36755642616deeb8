import { setTimeout as pause } from 'node:timers/promises';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { StreamEvent } from './api.js';
import { StreamGapError, UnexpectedAnswerError, UnreachableError } from './errors.js';
import { request } from './http.js';
import { insist } from './insist.js';

export interface StreamOptions {
  /** Number of the last entry that is known already; 0 begins at the beginning. @default 0 */
  after?: number;
  /** Ends the stream: iteration simply stops. */
  signal?: AbortSignal;
  /** How long to try to get a connection back before the stream ends with UnreachableError. @default 60 s */
  patienceMs?: number;
  /** A connection that is silent for so long is dead; the server sends a heartbeat every 15 s. @default 45 s */
  silenceMs?: number;
  /** Called whenever a connection was lost and the stream resumes. */
  onResume?: (after: number) => void;
}

/** A server that accepts connections and closes them at once is not asked in a busy loop. */
const resumeAfterMs = 50;

/**
 * The entries of one thread's timeline, in order, each once: resumes after the last one when the connection is cut,
 * leaves out what comes twice, and asks again when a number is missing.
 * @throws {StreamGapError} when a number is still missing after asking again.
 */
export async function* eventStream(
  url: string,
  token: string,
  options: StreamOptions = {},
): AsyncGenerator<StreamEvent> {
  const { signal, patienceMs = 60_000 } = options;
  let after = options.after ?? 0;
  let gapAt: number | undefined;
  while (!signal?.aborted) {
    const connection = new Connection(url, token, after, options.silenceMs ?? 45_000, signal);
    try {
      await insist(() => connection.open(), { patienceMs, ...(signal && { signal }) });
      for await (const event of connection.events()) {
        if (event.sequence <= after) continue;
        if (event.sequence > after + 1) {
          if (gapAt === after) throw new StreamGapError(after, event.sequence);
          gapAt = after;
          break;
        }
        after = event.sequence;
        gapAt = undefined;
        yield event;
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (!(error instanceof UnreachableError) || !connection.wasOpen) throw error;
    } finally {
      connection.close();
    }
    if (signal?.aborted) return;
    options.onResume?.(after);
    await pause(resumeAfterMs);
  }
}

/** One HTTP connection of a stream. */
class Connection {
  wasOpen = false;
  private readonly abort = new AbortController();
  private response: Response | undefined;

  constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly after: number,
    private readonly silenceMs: number,
    signal: AbortSignal | undefined,
  ) {
    signal?.addEventListener('abort', this.close, { once: true, signal: this.abort.signal });
  }

  readonly close = (): void => this.abort.abort();

  async open(): Promise<void> {
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (this.after > 0) headers['last-event-id'] = String(this.after);
    this.response = await request(this.url, { bearer: this.token, headers, signal: this.abort.signal });
    const type = this.response.headers.get('content-type') ?? 'no content type';
    if (!type.startsWith('text/event-stream'))
      throw new UnexpectedAnswerError(this.url, this.response.status, type);
    this.wasOpen = true;
  }

  async *events(): AsyncGenerator<StreamEvent> {
    const received: EventSourceMessage[] = [];
    const parser = createParser({ onEvent: (event) => received.push(event) });
    const decoder = new TextDecoder();
    const silence = setTimeout(this.close, this.silenceMs);
    try {
      for await (const chunk of this.response?.body ?? []) {
        silence.refresh();
        parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
        for (const { data } of received.splice(0)) yield JSON.parse(data) as StreamEvent;
      }
    } catch (cause) {
      if (cause instanceof SyntaxError)
        throw new UnexpectedAnswerError(this.url, 200, 'an event that is not JSON');
      throw new UnreachableError(this.url, { cause });
    } finally {
      clearTimeout(silence);
    }
  }
}
