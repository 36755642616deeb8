import type { ApiKeys } from './api-keys.js';
import { TenantExistsError, type TenantStore } from './tenant-store.js';

/** The tenant of an installation that serves one business. */
export const firstTenant = 'default';

/**
 * Makes the tenant `default` with an API key that may do everything, on an empty installation.
 * @param keep told the key before it is committed: a process that ends right then has not lost it
 * @returns the key when it was made now; several processes that start at once make it once.
 */
export async function ensureFirstTenant(
  tenants: TenantStore,
  keys: ApiKeys,
  keep: (key: string) => void = () => undefined,
): Promise<string | undefined> {
  if ((await tenants.all()).length > 0) return undefined;
  try {
    return await tenants.create(firstTenant, 'Default', async (manager) => {
      const key = await keys.createFirst(manager, firstTenant, true);
      keep(key);
      return key;
    });
  } catch (error) {
    if (error instanceof TenantExistsError) return undefined;
    throw error;
  }
}
