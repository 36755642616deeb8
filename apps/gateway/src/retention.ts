import { Injectable } from '@nestjs/common';
import { TenantDirectory } from '@clawdesk/auth';
import { Lifecycle } from '@clawdesk/host';
import { logger } from '@clawdesk/tracing';
import { retentionConfig } from './gateway.config.js';
import { StreamEventsStore } from './stream-events.store.js';

const log = logger('gateway');

/** Forgets stream events after their time, tenant by tenant, in small bites. */
@Injectable()
export class Retention {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly events: StreamEventsStore,
    private readonly tenants: TenantDirectory,
    lifecycle: Lifecycle,
  ) {
    lifecycle.onReady(() => this.schedule());
    lifecycle.onDrain(() => this.stop());
  }

  /** Forgets all that is due now. */
  async forget(): Promise<void> {
    const { days, batch } = retentionConfig;
    for (const { id } of await this.tenants.all()) {
      let forgotten: number;
      do forgotten = await this.events.forget(id, days, batch);
      while (forgotten === batch && !this.stopped);
      if (this.stopped) return;
    }
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      this.running = this.forget()
        .catch((error: unknown) => log.warn({ err: error }, 'Old stream events stay until the next round'))
        .then(() => {
          if (!this.stopped) this.schedule();
        });
    }, retentionConfig.everyMs);
  }

  private async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }
}
