import { randomUUID } from 'node:crypto';
import { hashApiKey, newApiKey, parseApiKey } from '@clawdesk/crypto';
import { type Database, type EntityManager } from '@clawdesk/database';
import { permissions as allPermissions, type ApiKeyIdentity, type Permission } from './access.js';

/** How long a revoked key may still be accepted by another process, ms. */
const freshMs = 30_000;
const mostCached = 10_000;

export interface ApiKey {
  id: string;
  name: string;
  permissions: readonly Permission[];
  createdAt: Date;
  revokedAt: Date | null;
}

/** API keys of the tenants. Only their hashes are stored. */
export class ApiKeys {
  private readonly verified = new Map<string, { identity: ApiKeyIdentity; at: number }>();

  constructor(private readonly database: Database) {}

  /** @returns the key itself: it is never shown again. */
  async create(
    tenant: string,
    name: string,
    permissions: readonly Permission[],
  ): Promise<{ id: string; key: string }> {
    const id = randomUUID();
    const key = newApiKey(tenant);
    await this.database.tenantScope(tenant, (manager) =>
      manager.query('INSERT INTO auth.api_keys (id, name, hash, permissions) VALUES ($1, $2, $3, $4)', [
        id,
        name,
        hashApiKey(key),
        permissions,
      ]),
    );
    return { id, key };
  }

  /**
   * Makes the first key of a tenant, in the platform's transaction that makes the tenant.
   * @param platform it may also make tenants; only the installation's first key may
   * @returns the key itself: it is never shown again.
   */
  async createFirst(manager: EntityManager, tenant: string, platform = false): Promise<string> {
    const key = newApiKey(tenant);
    await manager.query(
      `INSERT INTO auth.api_keys (tenant_id, id, name, hash, permissions, platform)
        VALUES ($1, $2, 'first key', $3, $4, $5)`,
      [
        tenant,
        randomUUID(),
        hashApiKey(key),
        allPermissions.filter((p) => platform || p !== 'tenants:write'),
        platform,
      ],
    );
    return key;
  }

  /** @returns undefined when there is no such key or it was revoked. */
  async verify(key: string): Promise<ApiKeyIdentity | undefined> {
    const parsed = parseApiKey(key);
    if (!parsed) return undefined;
    const hash = hashApiKey(key);
    const known = this.verified.get(hash);
    if (known && Date.now() - known.at < freshMs) return known.identity;
    this.verified.delete(hash);
    const rows = await this.database.tenantScope(parsed.tenant, (manager) =>
      manager.query<{ id: string; permissions: Permission[] }[]>(
        'SELECT id, permissions FROM auth.api_keys WHERE hash = $1 AND revoked_at IS NULL',
        [hash],
      ),
    );
    const row = rows[0];
    if (!row) return undefined;
    const identity: ApiKeyIdentity = {
      kind: 'api-key',
      tenant: parsed.tenant,
      key: row.id,
      permissions: row.permissions,
    };
    if (this.verified.size >= mostCached) this.verified.clear();
    this.verified.set(hash, { identity, at: Date.now() });
    return identity;
  }

  list(tenant: string): Promise<ApiKey[]> {
    return this.database.tenantScope(tenant, (manager) =>
      manager.query<ApiKey[]>(
        `SELECT id, name, permissions, created_at AS "createdAt", revoked_at AS "revokedAt"
           FROM auth.api_keys ORDER BY created_at, id`,
      ),
    );
  }

  /** @returns false when there is no such key (any more). */
  async revoke(tenant: string, id: string): Promise<boolean> {
    const rows = await this.database.tenantScope(tenant, (manager) =>
      manager.query<unknown[]>(
        `WITH revoked AS (UPDATE auth.api_keys SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING id)
         SELECT id FROM revoked`,
        [id],
      ),
    );
    for (const [hash, { identity }] of this.verified) if (identity.key === id) this.verified.delete(hash);
    return rows.length > 0;
  }
}
