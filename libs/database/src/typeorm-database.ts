import { AsyncLocalStorage } from 'node:async_hooks';
import { logger } from '@clawdesk/tracing';
import pg from 'pg';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import { Database } from './database.js';
import type { PoolConfig } from './database.config.js';
import { Listener } from './listener.js';
import type { RoleUrls } from './roles.js';
import { assertRowSecurity } from './row-security.js';
import { isConflict, isUnavailable, unavailable } from './unavailable.js';

const log = logger('database');

interface Scope {
  tenant: string | undefined;
  manager: EntityManager;
  afterCommit: (() => void)[];
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
  ) {
    super();
    this.listener = new Listener(urls.platform);
  }

  /** @throws {DatabaseUnavailableError} when PostgreSQL cannot be reached. */
  static async connect(options: RoleUrls & PoolConfig): Promise<TypeOrmDatabase> {
    const app = dataSource(options.app, options.appConnections, options);
    const platform = dataSource(options.platform, options.platformConnections, options);
    try {
      await Promise.all([app.initialize(), platform.initialize()]);
    } catch (error) {
      await Promise.allSettled(
        [app, platform].filter((source) => source.isInitialized).map((s) => s.destroy()),
      );
      throw isUnavailable(error) ? unavailable(error, options.app) : error;
    }
    return new TypeOrmDatabase(app, platform, { app: options.app, platform: options.platform });
  }

  async tenantScope<T>(tenant: string, fn: (manager: EntityManager) => Promise<T>): Promise<T> {
    const outer = this.scopes.getStore();
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
    const outer = this.scopes.getStore();
    if (outer && outer.tenant === undefined) return fn(outer.manager);
    return this.transaction(this.platform, this.urls.platform, undefined, 'BEGIN', fn);
  }

  afterCommit(listener: () => void): void {
    const scope = this.scopes.getStore();
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
      await Promise.race([this.app.query('SELECT 1'), patience]);
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
    await this.listener.close();
    await Promise.all([this.app.destroy(), this.platform.destroy()]);
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
        if (isUnavailable(error)) throw unavailable(error, url);
        if (!isConflict(error) || run === mostRuns) throw error;
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
    const scope: Scope = { tenant, manager: runner.manager, afterCommit: [] };
    let result: T;
    try {
      // One round trip instead of two; TypeORM is told, so that it opens no transaction of its own inside.
      await runner.query(begin);
      Object.assign(runner, { isTransactionActive: true, transactionDepth: 1 });
      result = await this.scopes.run(scope, () => fn(runner.manager));
      await runner.query('COMMIT');
      ended(runner);
      await runner.release();
    } catch (error) {
      await abandon(runner);
      throw error;
    }
    for (const listener of scope.afterCommit) listener();
    return result;
  }
}

function ended(runner: QueryRunner): void {
  Object.assign(runner, { isTransactionActive: false, transactionDepth: 0 });
}

/** Rolls back. A connection on which not even that works is lost, and its pool throws it away. */
async function abandon(runner: QueryRunner): Promise<void> {
  try {
    await runner.query('ROLLBACK');
  } catch (error) {
    log.debug({ err: error }, 'A transaction could not be rolled back: its connection is lost');
  } finally {
    ended(runner);
    await runner.release();
  }
}

function dataSource(url: string, connections: number, config: PoolConfig): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: [],
    logging: false,
    installExtensions: false,
    poolErrorHandler: (error: unknown) => log.warn({ err: error }, 'Lost a connection to PostgreSQL'),
    extra: {
      max: connections,
      connectionTimeoutMillis: config.connectTimeoutMs,
      idleTimeoutMillis: 60_000,
      statement_timeout: config.statementTimeoutMs,
      lock_timeout: config.lockTimeoutMs,
      idle_in_transaction_session_timeout: 60_000,
      application_name: 'clawdesk',
    },
  });
}
