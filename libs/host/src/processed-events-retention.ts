import type { TenantDirectory } from '@clawdesk/auth';
import type { Database } from '@clawdesk/database';
import { forgetProcessed } from '@clawdesk/messaging';
import { logger } from '@clawdesk/tracing';
import { runRegularly } from './background-job.js';
import { forgetByTenant } from './forget-by-tenant.js';
import type { Lifecycle } from './lifecycle.js';

const log = logger('host');

const everyMs = 60 * 60 * 1_000;
/** Rows of one transaction. */
const batch = 5_000;

/** Forgets events that were processed more than `days` days ago, hourly, tenant by tenant, in small bites. */
export function retainProcessedEvents(
  lifecycle: Lifecycle,
  { database, tenants, days }: { database: Database; tenants: TenantDirectory; days: number },
): void {
  runRegularly(lifecycle, {
    everyMs,
    run: (stopped) =>
      forgetByTenant(
        tenants,
        batch,
        (id, most) => database.tenantScope(id, (manager) => forgetProcessed(manager, days, most)),
        stopped,
      ),
    onFailure: (error) => log.warn({ err: error }, 'Old processed events stay until the next round'),
  });
}
