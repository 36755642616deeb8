import { Database, DatabaseUnavailableError, type EntityManager } from '@clawdesk/database';

/** The database as services get it: there from the start, usable once the host has connected it. */
export class LateDatabase extends Database {
  private missing = 'The database is not connected yet. Try again in a moment.';
  private inner: Database | undefined;

  /** Says what it is waited for: what is asked of it until then is refused with this sentence. */
  waiting(sentence: string): void {
    this.missing = sentence;
  }

  connected(database: Database): void {
    this.inner = database;
  }

  tenantScope<T>(tenant: string, fn: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.use((database) => database.tenantScope(tenant, fn));
  }

  platformScope<T>(fn: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.use((database) => database.platformScope(fn));
  }

  afterCommit(listener: () => void): void {
    if (this.inner) this.inner.afterCommit(listener);
    else listener();
  }

  listen(channel: string, listener: (payload: string) => void): Promise<() => Promise<void>> {
    return this.use((database) => database.listen(channel, listener));
  }

  ping(): Promise<void> {
    return this.use((database) => database.ping());
  }

  private use<T>(fn: (database: Database) => Promise<T>): Promise<T> {
    if (this.inner) return fn(this.inner);
    return Promise.reject(new DatabaseUnavailableError(this.missing));
  }
}
