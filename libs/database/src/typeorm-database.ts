import { AsyncLocalStorage } from 'node:async_hooks';
import { logger } from '@clawdesk/tracing';
import pg from 'pg';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import { Database } from './database.js';
import type { PoolConfig } from './database.config.js';
import { Listener } from './listener.js';
import { PreparingClient } from './preparing-client.js';
import type { RoleUrls } from './roles.js';
import { assertRowSecurity } from './row-security.js';
import { isConflict, isOutdatedPlan, isUnavailable, unavailable } from './unavailable.js';

const log = logger('database');

/** A connection was lost while a transaction was running on it. */
class DatabaseConnectionLost extends Error {
  constructor(cause: unknown) {
    super('connection lost', { cause });
  }
}

interface Scope {
  tenant: string | undefined;
  manager: EntityManager;
  afterCommit: (() => void)[];
  /** Over: what was begun inside and goes on after it must not use its connection, which is somebody else's by now. */
  ended: boolean;
}

/** Thrown when a transaction was to be committed in which a statement had failed; nothing was committed. */
export class TransactionAbortedError extends Error {
  constructor() {
    super(
      'A statement of this transaction failed and its error was swallowed: nothing was committed. Let the error pass.',
    );
    this.name = 'TransactionAbortedError';
  }
}

/** Runs of a whole transaction before a conflict with another one is given up. */
const mostRuns = 4;

/** The database through TypeORM: one pool for the app role, a small one for the platform role. */
export class TypeOrmDatabase extends Database {
  private readonly scopes = new AsyncLocalStorage<Scope>();
  private readonly listener: Listener;

  private constructor(
    private readonly app: DataSource,
    private readonly platform: DataSource,
    private readonly urls: RoleUrls,
    private readonly closing: AbortController,
  ) {
    super();
    this.listener = new Listener(urls.platform);
  }

  /** @throws {DatabaseUnavailableError} when PostgreSQL cannot be reached. */
  static async connect(options: RoleUrls & PoolConfig): Promise<TypeOrmDatabase> {
    const closing = new AbortController();
    const app = dataSource(options.app, options.appConnections, options, closing.signal);
    const platform = dataSource(options.platform, options.platformConnections, options, closing.signal);
    try {
      await Promise.all([app.initialize(), platform.initialize()]);
    } catch (error) {
      await Promise.allSettled(
        [app, platform].filter((source) => source.isInitialized).map((s) => s.destroy()),
      );
      throw isUnavailable(error) ? unavailable(error, options.app) : error;
    }
    return new TypeOrmDatabase(app, platform, { app: options.app, platform: options.platform }, closing);
  }

  async tenantScope<T>(tenant: string, fn: (manager: EntityManager) => Promise<T>): Promise<T> {
    const outer = this.current();
    if (outer) {
      if (outer.tenant !== tenant) {
        throw new Error(
          `A transaction of ${outer.tenant ?? 'the platform'} cannot reach into tenant ${tenant}`,
        );
      }
      return fn(outer.manager);
    }
    const begin = `BEGIN; SELECT set_config('app.tenant', ${pg.escapeLiteral(tenant)}, true)`;
    return this.transaction(this.app, this.urls.app, tenant, begin, fn);
  }

  async platformScope<T>(fn: (manager: EntityManager) => Promise<T>): Promise<T> {
    const outer = this.current();
    if (outer && outer.tenant === undefined) return fn(outer.manager);
    return this.transaction(this.platform, this.urls.platform, undefined, 'BEGIN', fn);
  }

  afterCommit(listener: () => void): void {
    const scope = this.current();
    if (scope) scope.afterCommit.push(listener);
    else listener();
  }

  listen(channel: string, listener: (payload: string) => void): Promise<() => Promise<void>> {
    return this.listener.listen(channel, listener);
  }

  async ping(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(unavailable(new Error('no answer within 2 s'), this.urls.app)), 2_000);
    });
    try {
      // Not the app's pool: that one being busy is no outage.
      await Promise.race([this.platform.query('SELECT 1'), patience]);
    } catch (error) {
      throw isUnavailable(error) ? unavailable(error, this.urls.app) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** @throws {RowSecurityError} when the app role could get around row-level security. */
  assertRowSecurity(): Promise<void> {
    return assertRowSecurity(this.app.manager);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.listener.close();
    await Promise.all([this.app.destroy(), this.platform.destroy()]);
  }

  private current(): Scope | undefined {
    const scope = this.scopes.getStore();
    return scope?.ended ? undefined : scope;
  }

  private async transaction<T>(
    source: DataSource,
    url: string,
    tenant: string | undefined,
    begin: string,
    fn: (manager: EntityManager) => Promise<T>,
  ): Promise<T> {
    for (let run = 1; ; run += 1) {
      try {
        return await this.runOnce(source, tenant, begin, fn);
      } catch (error) {
        if (error instanceof DatabaseConnectionLost || isUnavailable(error)) throw unavailable(error, url);
        const again = isConflict(error) || isOutdatedPlan(error);
        if (!again || run === mostRuns) throw error;
        // Apart from each other, or those that got in each other's way do so again.
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * run));
      }
    }
  }

  private async runOnce<T>(
    source: DataSource,
    tenant: string | undefined,
    begin: string,
    fn: (manager: EntityManager) => Promise<T>,
  ): Promise<T> {
    const runner = source.createQueryRunner();
    const scope: Scope = { tenant, manager: runner.manager, afterCommit: [], ended: false };
    let result: T;
    try {
      const client = (await runner.connect()) as pg.PoolClient;
      // Not waited for: the first statement follows on its heels. Were it to fail, so would all that needs the tenant.
      const begun = client.query(begin);
      begun.catch(() => undefined);
      // TypeORM is told, so that it opens no transaction of its own inside.
      Object.assign(runner, { isTransactionActive: true, transactionDepth: 1 });
      result = await this.scopes.run(scope, () => fn(runner.manager));
      scope.ended = true;
      await begun;
      await commit(runner);
      ended(runner);
      await runner.release();
    } catch (error) {
      scope.ended = true;
      // TypeORM releases the runner of a connection that is lost between two queries.
      const lost = runner.isReleased;
      await abandon(runner, error);
      throw lost ? new DatabaseConnectionLost(error) : error;
    }
    for (const listener of scope.afterCommit) listener();
    return result;
  }
}

function ended(runner: QueryRunner): void {
  Object.assign(runner, { isTransactionActive: false, transactionDepth: 0 });
}

/** PostgreSQL answers the COMMIT of a transaction in which a statement failed with a ROLLBACK, and no error. */
async function commit(runner: QueryRunner): Promise<void> {
  const client = (await runner.connect()) as pg.PoolClient;
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') throw new TransactionAbortedError();
}

/** Rolls back. A connection on which not even that works is lost, and its pool throws it away. */
async function abandon(runner: QueryRunner, reason: unknown): Promise<void> {
  try {
    if (runner.isReleased) return;
    await runner.query('ROLLBACK');
    // Its prepared statements are those of tables that look different by now.
    if (isOutdatedPlan(reason)) await ((await runner.connect()) as pg.PoolClient).end();
  } catch (error) {
    log.debug({ err: error }, 'A transaction could not be rolled back: its connection is lost');
  } finally {
    ended(runner);
    await runner.release();
  }
}

/** TypeORM reads no socket from an address; the driver below it does. */
function socketOf(url: string): { host?: string } {
  const host = new URL(url).searchParams.get('host');
  return host ? { host } : {};
}

function dataSource(url: string, connections: number, config: PoolConfig, closing: AbortSignal): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: [],
    logging: false,
    installExtensions: false,
    // Without it a lost idle connection would end the process. On the way out it is what is wanted.
    poolErrorHandler: (error: unknown) => {
      if (!closing.aborted) log.warn({ err: error }, 'Lost a connection to PostgreSQL');
    },
    extra: {
      ...socketOf(url),
      max: connections,
      // What is sent without waiting for the statement before it goes out at once; answers come in the same order.
      pipeline: true,
      ...(config.prepareStatements ? { Client: PreparingClient } : {}),
      connectionTimeoutMillis: config.connectTimeoutMs,
      idleTimeoutMillis: 60_000,
      keepAlive: true,
      // A server that cannot even refuse, stopped or behind a dead network, must not be waited for.
      query_timeout: config.statementTimeoutMs + 2_000,
      statement_timeout: config.statementTimeoutMs,
      lock_timeout: config.lockTimeoutMs,
      idle_in_transaction_session_timeout: 60_000,
      application_name: 'clawdesk',
    },
  });
}
