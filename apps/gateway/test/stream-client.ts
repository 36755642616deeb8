import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { until } from '@clawdesk/testing';
import { tokens } from './gateway-app.js';

export const bearer = (tenant: string, thread: string): { authorization: string } => {
  const visitor = { tenant, account: 'webchat', thread, visitor: 'v', subjectkey: 's' };
  return { authorization: `Bearer ${tokens.issue(visitor).token}` };
};

/** A customer's screen. */
export class StreamClient {
  readonly events: EventSourceMessage[] = [];
  readonly comments: string[] = [];
  retry: number | undefined;
  ended = false;
  private readonly abort = new AbortController();

  private constructor(readonly response: Response) {}

  static async open(
    url: string,
    tenant: string,
    thread: string,
    lastEventId?: number,
  ): Promise<StreamClient> {
    const abort = new AbortController();
    const headers = {
      ...bearer(tenant, thread),
      ...(lastEventId !== undefined && { 'last-event-id': String(lastEventId) }),
    };
    const response = await fetch(`${url}/chat/stream`, { headers, signal: abort.signal });
    const client = new StreamClient(response);
    abort.signal.addEventListener('abort', () => undefined);
    client.abort.signal.addEventListener('abort', () => abort.abort());
    void client.read();
    return client;
  }

  get sequences(): number[] {
    return this.events.map(({ id }) => Number(id));
  }

  /** Waits until this many events are there, and gives their numbers. */
  async upTo(count: number): Promise<number[]> {
    await until(() => this.events.length >= count, { what: `${count} events on the stream` });
    return this.sequences;
  }

  close(): void {
    this.abort.abort();
  }

  private async read(): Promise<void> {
    const parser = createParser({
      onEvent: (event) => void this.events.push(event),
      onComment: (comment) => void this.comments.push(comment),
      onRetry: (retry) => (this.retry = retry),
    });
    const decoder = new TextDecoder();
    try {
      for await (const chunk of this.response.body!)
        parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
    } catch {
      // Closed from either side: `ended` says so.
    }
    this.ended = true;
  }
}
