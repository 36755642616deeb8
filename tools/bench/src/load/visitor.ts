import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Accepted, ServiceUrls, StreamEvent, Thread } from '@clawdesk/client';
import { openStream, post, type OpenStream } from './light-http.js';

/** What came of one message. */
export interface Turn {
  id: string;
  /** From the POST to the reply (or the end without one) on the stream. */
  tookMs: number;
  reply: StreamEvent | undefined;
  state: string;
}

/** How long a reply may take before the turn counts as lost. */
const patienceMs = 60_000;

/** How often the server asked to slow down; a benchmark that is limited measures the limit. */
export const refusals = { count: 0 };

/** One simulated customer with one thread and its stream. */
export class Visitor {
  readonly accepted: string[] = [];
  private stream: OpenStream | undefined;
  private readonly replies = new Map<string, StreamEvent>();
  private readonly ends = new Map<string, StreamEvent>();
  private readonly seenAt = new Map<string, number>();
  private waiting: { id: string; resolve: () => void; reject: (error: Error) => void } | undefined;
  private broken: Error | undefined;

  private constructor(
    private readonly urls: ServiceUrls,
    readonly thread: Thread,
  ) {}

  static async arrive(urls: ServiceUrls): Promise<Visitor> {
    const thread = await insisted<Thread>(urls.of('ingestion', '/chat/threads'), {});
    const visitor = new Visitor(urls, thread);
    visitor.stream = await openStream(
      urls.of('gateway', '/chat/stream'),
      thread.token,
      (event) => visitor.note(event),
      (error) => {
        visitor.broken = error;
        visitor.waiting?.reject(error);
      },
    );
    return visitor;
  }

  /** Sends a message and waits until the log has it. */
  async send(text: string): Promise<string> {
    const body = { clientId: randomUUID(), text };
    const { id } = await insisted<Accepted>(
      this.urls.of('ingestion', '/chat/messages'),
      body,
      this.thread.token,
    );
    this.accepted.push(id);
    return id;
  }

  /** Sends a message and waits for the end of its turn. */
  async ask(text: string): Promise<Turn> {
    const started = performance.now();
    const id = await this.send(text);
    await this.settled(id);
    const tookMs = (this.seenAt.get(id) ?? NaN) - started;
    return { id, tookMs, reply: this.replies.get(id), state: this.ends.get(id)?.state ?? 'lost' };
  }

  /** Resolves once the message's turn has ended, or patience has. */
  async settled(id: string): Promise<void> {
    if (this.broken) throw this.broken;
    if (this.ends.has(id)) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      this.waiting = { id, resolve, reject };
      timer = setTimeout(resolve, patienceMs);
    });
    clearTimeout(timer);
    this.waiting = undefined;
  }

  leave(): void {
    this.stream?.close();
  }

  private note(event: StreamEvent): void {
    const { turn, kind } = event;
    if (turn === undefined || (kind !== 'reply' && kind !== 'turn')) return;
    // The reply is what the customer waits for; the turn's end, which is written with it, may come a moment later.
    if (!this.seenAt.has(turn)) this.seenAt.set(turn, performance.now());
    if (kind === 'reply') this.replies.set(turn, event);
    else this.ends.set(turn, event);
    if (kind === 'turn' && this.waiting?.id === turn) this.waiting.resolve();
  }
}

/** POSTs until the server takes it; waits as long as it asks for. */
async function insisted<T>(url: string, body: object, bearer?: string): Promise<T> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const answer = await post(url, body, bearer);
    if (answer.status >= 200 && answer.status < 300) return answer.body as T;
    if ((answer.status !== 429 && answer.status !== 503) || performance.now() > end) {
      throw new Error(`POST ${url} was answered with ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
    refusals.count += 1;
    await pause(answer.retryAfterMs);
  }
}
