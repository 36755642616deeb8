import { Injectable } from '@nestjs/common';
import { Database } from '@clawdesk/database';
import { Lifecycle, runRegularly } from '@clawdesk/host';
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
  constructor(
    private readonly database: Database,
    lifecycle: Lifecycle,
  ) {
    runRegularly(lifecycle, {
      everyMs: timelineConfig.maintenanceMs,
      atStart: true,
      run: async () => {
        const made = await this.ensure();
        if (made > 0) log.info({ made }, 'timeline: made the partitions of the coming months');
      },
      onFailure: (error) => {
        // There is time until the next look: rows without a month of their own go to the default partition.
        failures.inc();
        log.error(
          { err: error },
          'timeline: the partitions of the coming months could not be made; tried again later',
        );
      },
    });
  }

  /** @returns how many months were new. */
  async ensure(): Promise<number> {
    const rows: { made: number }[] = await this.database.platformScope((manager) =>
      manager.query(`SELECT business_logic.create_timeline_months($1) AS made`, [timelineConfig.monthsAhead]),
    );
    return rows[0]!.made;
  }
}
