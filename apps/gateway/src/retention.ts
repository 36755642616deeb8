import { Injectable } from '@nestjs/common';
import { TenantDirectory } from '@clawdesk/auth';
import { Lifecycle, runRegularly } from '@clawdesk/host';
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
  async forget(stopped?: AbortSignal): Promise<void> {
    const { days, batch } = retentionConfig;
    for (const { id } of await this.tenants.all()) {
      let forgotten: number;
      do {
        if (stopped?.aborted) return;
        forgotten = await this.events.forget(id, days, batch);
      } while (forgotten === batch);
    }
  }
}
