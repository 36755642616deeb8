import { Injectable } from '@nestjs/common';
import { Lifecycle, Problem } from '@clawdesk/host';
import { gauge, logger } from '@clawdesk/tracing';
import { streamsConfig } from './gateway.config.js';
import { LiveStream, type StreamSink } from './live-stream.js';
import { StreamEventsStore, type StreamEvent } from './stream-events.store.js';

const log = logger('gateway');
// The name stands in the product's documentation, although a gauge should not be called a total.
const connections = gauge('openclaw_gateway_connections_total', 'Live streams that are open now');

/** One conversation of one tenant. */
export interface ConversationRef {
  tenant: string;
  conversation: string;
}

const keyOf = ({ tenant, conversation }: ConversationRef): string => `${tenant}/${conversation}`;

/** The streams that clients have open at this process. */
@Injectable()
export class LiveStreams {
  private readonly streams = new Map<string, Set<LiveStream>>();
  private count = 0;
  private heartbeat: NodeJS.Timeout | undefined;
  private draining = false;

  constructor(
    private readonly events: StreamEventsStore,
    lifecycle: Lifecycle,
  ) {
    lifecycle.onDrain(() => this.close());
  }

  /** @throws {Problem} when there is no room for another stream of this conversation. */
  admit(ref: ConversationRef): void {
    if (this.draining || this.count >= streamsConfig.most) throw unavailable();
    if ((this.streams.get(keyOf(ref))?.size ?? 0) >= streamsConfig.mostPerThread) {
      throw new Problem(429, 'Too many requests', {
        detail: 'This thread has too many open streams: close one.',
        headers: { 'retry-after': '10' },
      });
    }
  }

  /** Makes a stream that begins after number `after` and is offered what comes from now on. `admit` it first, then start it. */
  add(ref: ConversationRef, after: number, sink: StreamSink): LiveStream {
    const stream = new LiveStream({
      after,
      sink,
      read: (from, most) => this.events.read(ref.tenant, ref.conversation, from, most),
      onError: (error) => log.warn({ err: error }, 'A stream ends because its events cannot be read'),
      config: streamsConfig,
    });
    const key = keyOf(ref);
    this.streams.set(key, (this.streams.get(key) ?? new Set()).add(stream));
    this.counted(1);
    return stream;
  }

  /** The stream's connection is gone. May be called again. */
  remove(ref: ConversationRef, stream: LiveStream): void {
    const key = keyOf(ref);
    const streams = this.streams.get(key);
    if (!streams?.delete(stream)) return;
    if (streams.size === 0) this.streams.delete(key);
    this.counted(-1);
    stream.end(true);
  }

  /** Events that this process has stored. */
  offer(ref: ConversationRef, events: readonly StreamEvent[]): void {
    for (const stream of this.streams.get(keyOf(ref)) ?? []) stream.offer(events);
  }

  /** Another process has stored events of the conversation. */
  wake(ref: ConversationRef): void {
    for (const stream of this.streams.get(keyOf(ref)) ?? []) stream.catchUp();
  }

  /** Wake-ups may have been missed. */
  wakeAll(): void {
    for (const streams of this.streams.values()) for (const stream of streams) stream.catchUp();
  }

  private counted(by: 1 | -1): void {
    this.count += by;
    connections.set(this.count);
    if (this.count === 0) {
      clearInterval(this.heartbeat);
      this.heartbeat = undefined;
    } else this.heartbeat ??= setInterval(() => this.beat(), streamsConfig.heartbeatMs);
  }

  private beat(): void {
    for (const streams of this.streams.values()) for (const stream of streams) stream.heartbeat();
  }

  private close(): void {
    this.draining = true;
    for (const streams of this.streams.values()) for (const stream of streams) stream.end(false);
  }
}

/** This process takes no more streams: another one does, or this one a little later. */
export const unavailable = (): Problem =>
  new Problem(503, 'Not available right now', {
    detail: 'Try again in a moment.',
    headers: { 'retry-after': '2' },
  });
