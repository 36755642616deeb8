import type { EntityManager } from 'typeorm';

export type { EntityManager };

/**
 * The way to PostgreSQL. Nest token and type in one; the host provides it.
 */
export abstract class Database {
  /**
   * Runs `fn` in one transaction as the app role with `app.tenant` set, so that row-level security shows that
   * tenant only. Nested calls with the same tenant join the transaction that is there; with another tenant they throw.
   * Commits when `fn` resolves, rolls back when it rejects.
   * @throws {DatabaseUnavailableError} when PostgreSQL cannot be reached or gives no connection in time.
   */
  abstract tenantScope<T>(tenant: string, fn: (manager: EntityManager) => Promise<T>): Promise<T>;

  /**
   * Runs `fn` in one transaction as the platform role: the log, guards, the list of tenants. Never tenants' data.
   */
  abstract platformScope<T>(fn: (manager: EntityManager) => Promise<T>): Promise<T>;

  /** Runs `listener` once the transaction of the current scope has committed (at once when there is none); never after a rollback. */
  abstract afterCommit(listener: () => void): void;

  /** Calls `listener` for NOTIFYs on the channel, and once with '' after each (re)connect. */
  abstract listen(channel: string, listener: (payload: string) => void): Promise<() => Promise<void>>;

  /** Resolves when PostgreSQL answers; rejects with DatabaseUnavailableError within about 2 s otherwise. */
  abstract ping(): Promise<void>;
}

/** Thrown when PostgreSQL cannot be reached, is going down, or has no connection to give in time. Nothing was committed, or it is not known. */
export class DatabaseUnavailableError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DatabaseUnavailableError';
  }
}
