import { logger } from '@clawdesk/tracing';
import pg from 'pg';

const log = logger('transport-postgres');

/** The connection that listens for other processes: new records, comings and goings. */
export class Notifications {
  private client: pg.Client | undefined;
  private closed = false;

  constructor(
    private readonly config: pg.ClientConfig,
    private readonly listeners: {
      /** Topics that got records. */
      records(topics: readonly string[]): void;
      groups(from: string): void;
      /** After each (re)connect: anything may have been missed. */
      connected(): void;
    },
  ) {}

  start(): void {
    void this.connect();
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.client?.end();
  }

  private async connect(): Promise<void> {
    for (let delay = 100; !this.closed; delay = Math.min(2_000, delay * 2)) {
      const client = new pg.Client({ ...this.config, connectionTimeoutMillis: 3_000, keepAlive: true });
      client.on('error', (error) => log.debug({ err: error }, 'Lost the connection that listens'));
      try {
        await client.connect();
        client.on('notification', ({ channel, payload = '' }) => {
          if (channel === 'clawdesk_log') this.listeners.records(payload.split(','));
          else this.listeners.groups(payload);
        });
        await client.query('LISTEN clawdesk_log; LISTEN clawdesk_groups');
        if (this.closed) return await client.end();
        this.client = client;
        client.once('end', () => {
          this.client = undefined;
          if (!this.closed) void this.connect();
        });
        this.listeners.connected();
        return;
      } catch (error) {
        log.debug({ err: error }, 'Cannot listen yet');
        await client.end().catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, delay));
      }
    }
  }
}
