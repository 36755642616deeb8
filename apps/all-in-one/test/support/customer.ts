import type { ClawdeskClient, SendOptions, StreamEvent, Thread } from '@clawdesk/client';
import { until } from '@clawdesk/testing';

/** How long a turn may take in a test before it counts as lost. */
const patienceMs = 30_000;

/** A turn as its customer saw it. */
export interface SeenTurn {
  id: string;
  reply: StreamEvent | undefined;
  turn: StreamEvent;
}

/** A customer on the web chat who follows the stream of one thread. */
export class Customer {
  /** Everything that came on the stream. */
  readonly entries: StreamEvent[] = [];
  /** Ids of the accepted messages, in the order of sending. */
  readonly accepted: string[] = [];
  private readonly ending = new AbortController();
  private broken: unknown;

  private constructor(
    readonly client: ClawdeskClient,
    readonly thread: Thread,
  ) {
    void this.follow();
  }

  static async arrive(client: ClawdeskClient, tenant: string, locale?: string): Promise<Customer> {
    return new Customer(client, await client.openThread({ tenant, ...(locale && { locale }) }));
  }

  /** Sends a message. @returns its id */
  async send(text: string, options: SendOptions = {}): Promise<string> {
    const { id } = await this.client.sendMessage(this.thread.token, text, {
      patienceMs: 120_000,
      ...options,
    });
    if (!this.accepted.includes(id)) this.accepted.push(id);
    return id;
  }

  /** Sends a message and waits for the end of its turn. */
  async ask(text: string): Promise<SeenTurn> {
    return this.settled(await this.send(text));
  }

  /** Waits for the end of a message's turn. */
  async settled(id: string, timeoutMs = patienceMs): Promise<SeenTurn> {
    const turn = await this.sees(
      ({ kind, turn }) => kind === 'turn' && turn === id,
      `the end of turn ${id}`,
      timeoutMs,
    );
    return { id, turn, reply: this.entries.find((entry) => entry.kind === 'reply' && entry.turn === id) };
  }

  /** Waits for an entry. */
  sees(wanted: (entry: StreamEvent) => boolean, what: string, timeoutMs = patienceMs): Promise<StreamEvent> {
    return until(
      () => {
        if (this.broken) throw this.broken;
        return this.entries.find(wanted);
      },
      { what: `${what} on the stream, which has ${JSON.stringify(this.entries)}`, timeoutMs },
    );
  }

  leave(): void {
    this.ending.abort();
  }

  private async follow(): Promise<void> {
    try {
      const { signal } = this.ending;
      for await (const entry of this.client.stream(this.thread.token, { signal, patienceMs: 120_000 })) {
        this.entries.push(entry);
      }
    } catch (error) {
      this.broken = error;
    }
  }
}
