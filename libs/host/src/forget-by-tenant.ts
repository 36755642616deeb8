import type { TenantDirectory } from '@clawdesk/auth';

/** Deletes what is due of one tenant, at most `most` rows. @returns how many */
type Bite = (tenant: string, most: number) => Promise<number>;

/** Deletes tenant by tenant, in bites of `most` rows, until nothing is due or `stopped` is aborted. */
export async function forgetByTenant(
  tenants: TenantDirectory,
  most: number,
  bite: Bite,
  stopped?: AbortSignal,
): Promise<void> {
  for (const { id } of await tenants.all()) {
    let forgotten: number;
    do {
      if (stopped?.aborted) return;
      forgotten = await bite(id, most);
    } while (forgotten === most);
  }
}
