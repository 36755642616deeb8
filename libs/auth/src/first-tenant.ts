import { permissions } from './access.js';
import type { ApiKeys } from './api-keys.js';
import { TenantExistsError, type TenantStore } from './tenant-store.js';

/** The tenant of an installation that serves one business. */
export const firstTenant = 'default';

/**
 * Makes the tenant `default` with an API key that may do everything, on an empty installation.
 * @returns the key when it was made now; several processes that start at once make it once.
 */
export async function ensureFirstTenant(tenants: TenantStore, keys: ApiKeys): Promise<string | undefined> {
  if ((await tenants.all()).length > 0) return undefined;
  try {
    await tenants.create(firstTenant, 'Default');
  } catch (error) {
    if (error instanceof TenantExistsError) return undefined;
    throw error;
  }
  const { key } = await keys.create(firstTenant, 'first key', permissions);
  return key;
}
