import { logger } from '@clawdesk/tracing';
import pg from 'pg';

const log = logger('database');

/** One connection for all NOTIFYs, made with the first listener and made again whenever it is lost. */
export class Listener {
  private readonly listeners = new Map<string, Set<(payload: string) => void>>();
  private client: pg.Client | undefined;
  private connecting: Promise<void> | undefined;
  private closed = false;

  constructor(private readonly url: string) {}

  /** Calls with '' after each (re)connect: NOTIFYs in between are lost. */
  async listen(channel: string, listener: (payload: string) => void): Promise<() => Promise<void>> {
    const there = this.listeners.get(channel);
    if (there) there.add(listener);
    else this.listeners.set(channel, new Set([listener]));
    if (this.client) {
      if (!there) await this.client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      listener('');
    } else {
      this.connecting ??= this.connect();
      await this.connecting;
    }
    return async () => {
      const set = this.listeners.get(channel);
      set?.delete(listener);
      if (set?.size !== 0) return;
      this.listeners.delete(channel);
      try {
        await this.client?.query(`UNLISTEN ${pg.escapeIdentifier(channel)}`);
      } catch (error) {
        log.debug({ err: error }, 'The connection was lost before it could stop listening');
      }
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.client?.end();
  }

  private async connect(): Promise<void> {
    for (let delay = 200; !this.closed; delay = Math.min(5_000, delay * 2)) {
      const client = new pg.Client({ connectionString: this.url, keepAlive: true });
      client.on('error', (error) => log.warn({ err: error }, 'Lost the connection that listens for NOTIFY'));
      try {
        await client.connect();
        if (this.closed) return await client.end();
        for (const channel of this.listeners.keys())
          await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
        client.on('notification', ({ channel, payload }) => this.call(channel, payload ?? ''));
        client.once('end', () => this.lost());
        this.client = client;
        this.connecting = undefined;
        for (const channel of this.listeners.keys()) this.call(channel, '');
        return;
      } catch (error) {
        log.warn({ err: error }, 'Cannot listen for NOTIFY yet');
        await client.end().catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, delay).unref());
      }
    }
  }

  private lost(): void {
    this.client = undefined;
    if (!this.closed) this.connecting ??= this.connect();
  }

  private call(channel: string, payload: string): void {
    for (const listener of this.listeners.get(channel) ?? []) listener(payload);
  }
}
