import { createHash } from 'node:crypto';
import pg from 'pg';
import type { Migration, SchemaMigrations } from './migration.js';
import { rolesOf, type Role, type Roles } from './roles.js';
import { isUnavailable, unavailable } from './unavailable.js';

/** Thrown when migrations cannot be applied as they are; the message says what to do. */
export class MigrationError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MigrationError';
  }
}

/** Any number that nobody else uses: processes that migrate at the same time take turns. */
const migrationLock = 7_364_512_001;

/**
 * Makes roles and schemas and applies the migrations that are missing, each in a transaction of its own.
 * Safe to run by several processes at once.
 * @throws {DatabaseUnavailableError} when PostgreSQL cannot be reached
 * @throws {MigrationError} when a migration fails, or one that was applied has been changed since
 */
export async function migrate(
  ownerUrl: string,
  secret: string,
  schemas: readonly SchemaMigrations[],
  onProgress: (what: string) => void = () => undefined,
): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 5_000 });
  // Without a listener a lost connection would end the process; the query under way rejects anyway.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await takeTurn(client, onProgress);
    await new Migrator(client, rolesOf(ownerUrl, secret), onProgress).run(schemas);
  } catch (error) {
    throw isUnavailable(error) ? unavailable(error, ownerUrl) : error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function takeTurn(client: pg.Client, onProgress: (what: string) => void): Promise<void> {
  const { rows } = await client.query<{ ours: boolean }>('SELECT pg_try_advisory_lock($1) AS ours', [
    migrationLock,
  ]);
  if (rows[0]!.ours) return;
  onProgress('Another process is migrating the database; waiting for it');
  await client.query('SELECT pg_advisory_lock($1)', [migrationLock]);
}

class Migrator {
  constructor(
    private readonly client: pg.Client,
    private readonly roles: Roles,
    private readonly onProgress: (what: string) => void,
  ) {}

  async run(schemas: readonly SchemaMigrations[]): Promise<void> {
    const { app, platform } = this.roles;
    await this.ensureRole(app);
    await this.ensureRole(platform);
    await this.client.query(`
      CREATE SCHEMA IF NOT EXISTS clawdesk;
      CREATE TABLE IF NOT EXISTS clawdesk.migrations (
        schema text NOT NULL, name text NOT NULL, checksum text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (schema, name));`);
    const { rows } = await this.client.query<{ id: string; checksum: string }>(
      `SELECT schema || '/' || name AS id, checksum FROM clawdesk.migrations`,
    );
    const applied = new Map(rows.map(({ id, checksum }) => [id, checksum]));
    for (const schemaMigrations of schemas) {
      const { schema, migrations } = schemaMigrations;
      const pending = migrations.filter((migration) => !this.isApplied(applied, schema, migration));
      if (pending.length > 0) await this.prepareSchema(schemaMigrations);
      for (const migration of pending) await this.apply(schema, migration);
    }
  }

  private isApplied(applied: ReadonlyMap<string, string>, schema: string, { name, sql }: Migration): boolean {
    const checksum = applied.get(`${schema}/${name}`);
    if (checksum === undefined) return false;
    if (checksum === checksumOf(sql)) return true;
    throw new MigrationError(
      `Migration ${schema}/${name} was changed after it had been applied: take the change back and write a new migration.`,
    );
  }

  private async ensureRole({ name, password }: Role): Promise<void> {
    const role = pg.escapeIdentifier(name);
    const { rowCount } = await this.client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
    try {
      // A new role may do nothing special; saying so would need a superuser. The start checks that it stayed that way.
      const what = rowCount === 0 ? 'CREATE' : 'ALTER';
      await this.client.query(`${what} ROLE ${role} LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
    } catch (error) {
      if (isUnavailable(error)) throw error;
      throw new MigrationError(
        `The role ${name} cannot be made (${(error as Error).message}): give the user of DATABASE_URL the attribute CREATEROLE.`,
        { cause: error },
      );
    }
  }

  private async prepareSchema({ schema, access = 'app' }: SchemaMigrations): Promise<void> {
    const name = pg.escapeIdentifier(schema);
    const [app, platform] = [this.roles.app, this.roles.platform].map((role) =>
      pg.escapeIdentifier(role.name),
    );
    const role = access === 'app' ? app : platform;
    await this.client.query(`
      CREATE SCHEMA IF NOT EXISTS ${name};
      GRANT USAGE ON SCHEMA ${name} TO ${access === 'app' ? `${app}, ${platform}` : platform};
      ALTER DEFAULT PRIVILEGES IN SCHEMA ${name} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${role};
      ALTER DEFAULT PRIVILEGES IN SCHEMA ${name} GRANT USAGE, SELECT ON SEQUENCES TO ${role};`);
  }

  private async apply(schema: string, { name, sql }: Migration): Promise<void> {
    this.onProgress(`Migrating ${schema}/${name}`);
    const { app, platform } = this.roles;
    const filled = sql
      .replaceAll('{{app}}', pg.escapeIdentifier(app.name))
      .replaceAll('{{platform}}', pg.escapeIdentifier(platform.name));
    await this.client.query('BEGIN');
    try {
      await this.client.query(filled);
      await this.client.query(
        'INSERT INTO clawdesk.migrations (schema, name, checksum) VALUES ($1, $2, $3)',
        [schema, name, checksumOf(sql)],
      );
      await this.client.query('COMMIT');
    } catch (error) {
      await this.client.query('ROLLBACK').catch(() => undefined);
      if (isUnavailable(error)) throw error;
      throw new MigrationError(`Migration ${schema}/${name} failed: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }
}

const checksumOf = (sql: string): string => createHash('sha256').update(sql).digest('hex');
