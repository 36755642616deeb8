import { TransportUnavailableError } from '@clawdesk/messaging';
import { logger } from '@clawdesk/tracing';
import pg from 'pg';

const log = logger('transport-postgres');

/** Pool of connections of the platform role. Every failure to reach PostgreSQL becomes a TransportUnavailableError. */
export class Connection {
  private readonly pool: pg.Pool;

  constructor(config: pg.ClientConfig, options: pg.PoolConfig = {}) {
    this.pool = new pg.Pool({
      ...config,
      max: 3,
      connectionTimeoutMillis: 3_000,
      idleTimeoutMillis: 60_000,
      application_name: 'clawdesk-log',
      statement_timeout: 10_000,
      // A server that hangs cannot end the statement itself. Later than its own limit, so that what is given up here is
      // over there as well and cannot be appended behind what is published next.
      query_timeout: 12_000,
      ...options,
    });
    this.pool.on('error', (error) => log.debug({ err: error }, 'Lost a connection to the log'));
  }

  /** @throws {TransportUnavailableError} when PostgreSQL is not there; nothing is known of the statement then. */
  async query<R extends object>(name: string, text: string, values: unknown[] = []): Promise<R[]> {
    try {
      // Named: planned once per connection.
      return (await this.pool.query<R>({ name, text, values })).rows;
    } catch (error) {
      throw isStatementError(error)
        ? error
        : new TransportUnavailableError(
            `The log in PostgreSQL does not answer (${(error as { code?: string }).code ?? (error as Error).message}).`,
            { cause: error },
          );
    }
  }

  async end(): Promise<void> {
    await this.pool.end();
  }
}

/** An error of the statement itself, with a server that is well: waiting would not help. */
export function isStatementError(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code !== undefined && /^(22|23|42|P0)/.test(code);
}
