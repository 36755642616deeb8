import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { webchat, type Channel, type ChannelCapabilities, type SendResult } from '@clawdesk/channels';

/** How the provider treats one request. `drop`: it takes the message and breaks the connection before its answer. */
export type Behaviour = 'accept' | 'drop' | 'hang' | { status: number; retryAfterS?: number };

/** A provider of a channel, with an HTTP API on this machine. */
export class Provider {
  /** Texts in the order in which it took them. */
  readonly taken: string[] = [];
  readonly requests: { text: string; at: number }[] = [];
  /** By text of the message: what happens to its next requests, then `otherwise`. */
  readonly script = new Map<string, Behaviour[]>();
  otherwise: Behaviour = 'accept';
  /** Requests that are being answered now, and the most there were at once. */
  open = 0;
  mostOpen = 0;
  private readonly server = createServer((request, response) => void this.answer(request, response));

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/messages`;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { text } = JSON.parse(Buffer.concat(chunks).toString()) as { text: string };
    this.requests.push({ text, at: Date.now() });
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    response.once('close', () => (this.open -= 1));
    const behaviour = this.script.get(text)?.shift() ?? this.otherwise;
    if (behaviour === 'hang') return;
    if (behaviour === 'accept' || behaviour === 'drop') this.taken.push(text);
    if (behaviour === 'drop') request.socket.destroy();
    else if (behaviour === 'accept') response.end(JSON.stringify({ id: `provider-${this.taken.length}` }));
    else {
      const { status, retryAfterS } = behaviour;
      response
        .writeHead(status, retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) })
        .end();
    }
  }
}

/** The provider's channel, as a real one would be. */
export function providerChannel(
  provider: Provider,
  capabilities: Partial<ChannelCapabilities> = {},
): Channel {
  return {
    ...webchat,
    id: 'post',
    capabilities: {
      textLimit: 100,
      media: [],
      settledBy: 'provider',
      whenUnknown: 'leave',
      rate: { perSecond: 1_000, burst: 1_000 },
      ...capabilities,
    },
    send: async ({ text }, { signal }): Promise<SendResult> => {
      let response: Response;
      try {
        response = await fetch(provider.url, { method: 'POST', body: JSON.stringify({ text }), signal });
      } catch {
        return { outcome: 'unknown', detail: 'The connection broke before the answer.' };
      }
      if (response.ok) {
        const { id } = (await response.json()) as { id: string };
        return { outcome: 'sent', providerId: id };
      }
      const detail = `HTTP ${response.status}`;
      const retryAfterMs = Number(response.headers.get('retry-after') ?? 0) * 1000;
      if (response.status === 429)
        return { outcome: 'failed', retryAfterMs, accountWide: retryAfterMs > 0, detail };
      if (response.status >= 500) return { outcome: 'failed', retryAfterMs, detail };
      return { outcome: 'failed', detail };
    },
  };
}
