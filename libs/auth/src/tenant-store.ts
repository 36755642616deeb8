import { randomBytes } from 'node:crypto';
import { type Database, type EntityManager } from '@clawdesk/database';
import { TenantDirectory, type Tenant } from './tenants.js';

const freshMs = 2_000;

/** Thrown when a tenant of that id is there already. */
export class TenantExistsError extends Error {
  constructor(readonly id: string) {
    super(`There is a tenant '${id}' already.`);
    this.name = 'TenantExistsError';
  }
}

interface Row {
  id: string;
  name: string;
  secret: Buffer;
}

/** The tenants, kept in memory and read again every two seconds when somebody asks. */
export class TenantStore extends TenantDirectory {
  private tenants = new Map<string, Tenant>();
  private readAt = 0;
  private reading: Promise<void> | undefined;

  constructor(private readonly database: Database) {
    super();
  }

  /** A tenant never changes, so one that is known is answered at once; only an unknown one waits for the database. */
  async find(id: string): Promise<Tenant | undefined> {
    const known = this.tenants.get(id);
    if (known) return known;
    await this.refresh();
    return this.tenants.get(id);
  }

  async all(): Promise<readonly Tenant[]> {
    await this.refresh();
    return [...this.tenants.values()];
  }

  /**
   * Makes a tenant and, in the same transaction, what belongs to it from the start.
   * @returns what `andAlso` gave
   * @throws {TenantExistsError}
   */
  async create<T>(id: string, name: string, andAlso: (manager: EntityManager) => Promise<T>): Promise<T> {
    const tenant: Tenant = { id, name, secret: randomBytes(32) };
    const result = await this.database.platformScope(async (manager) => {
      const rows = await manager.query<unknown[]>(
        `INSERT INTO auth.tenants (id, name, secret) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING RETURNING id`,
        [id, name, tenant.secret],
      );
      if (rows.length === 0) throw new TenantExistsError(id);
      return andAlso(manager);
    });
    this.tenants.set(id, tenant);
    return result;
  }

  private async refresh(): Promise<void> {
    if (Date.now() - this.readAt < freshMs) return;
    this.reading ??= this.read().finally(() => (this.reading = undefined));
    await this.reading;
  }

  private async read(): Promise<void> {
    const rows = await this.database.platformScope((manager) =>
      manager.query<Row[]>('SELECT id, name, secret FROM auth.tenants ORDER BY id'),
    );
    this.tenants = new Map(rows.map((row) => [row.id, row]));
    this.readAt = Date.now();
  }
}
