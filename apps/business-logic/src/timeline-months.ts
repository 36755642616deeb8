import { Injectable } from '@nestjs/common';
import { Database } from '@clawdesk/database';
import { Lifecycle } from '@clawdesk/host';
import { counter, logger } from '@clawdesk/tracing';
import { timelineConfig } from './business-logic.config.js';

const log = logger('business-logic');
const failures = counter(
  'clawdesk_timeline_maintenance_failures_total',
  'Times that the timeline’s next months could not be made',
);

/** Makes the timeline's partitions of the coming months, at the start and several times a day. */
@Injectable()
export class TimelineMonths {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    lifecycle: Lifecycle,
  ) {
    lifecycle.onReady(() => this.start());
    lifecycle.onDrain(() => this.stop());
  }

  /** @returns how many months were new. */
  async ensure(): Promise<number> {
    const rows: { made: number }[] = await this.database.platformScope((manager) =>
      manager.query(`SELECT business_logic.create_timeline_months($1) AS made`, [timelineConfig.monthsAhead]),
    );
    return rows[0]!.made;
  }

  private start(): void {
    this.timer = setInterval(() => this.look(), timelineConfig.maintenanceMs);
    this.timer.unref();
    this.look();
  }

  private look(): void {
    this.running = this.ensure().then(
      (made) => {
        if (made > 0) log.info({ made }, 'timeline: made the partitions of the coming months');
      },
      (error: unknown) => {
        // There is time until the next look: rows without a month of their own go to the default partition.
        failures.inc();
        log.error(
          { err: error },
          'timeline: the partitions of the coming months could not be made; tried again later',
        );
      },
    );
  }

  private async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }
}
