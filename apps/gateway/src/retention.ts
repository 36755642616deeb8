import { Injectable } from '@nestjs/common';
import { TenantDirectory } from '@clawdesk/auth';
import { forgetByTenant, Lifecycle, runRegularly } from '@clawdesk/host';
import { logger } from '@clawdesk/tracing';
import { retentionConfig } from './gateway.config.js';
import { StreamEventsStore } from './stream-events.store.js';

const log = logger('gateway');

/** Forgets stream events after their time, tenant by tenant, in small bites. */
@Injectable()
export class Retention {
  constructor(
    private readonly events: StreamEventsStore,
    private readonly tenants: TenantDirectory,
    lifecycle: Lifecycle,
  ) {
    runRegularly(lifecycle, {
      everyMs: retentionConfig.everyMs,
      run: (stopped) => this.forget(stopped),
      onFailure: (error) => log.warn({ err: error }, 'Old stream events stay until the next round'),
    });
  }

  /** Forgets all that is due now. */
  forget(stopped?: AbortSignal): Promise<void> {
    const { days, batch } = retentionConfig;
    return forgetByTenant(this.tenants, batch, (id, most) => this.events.forget(id, days, most), stopped);
  }
}
