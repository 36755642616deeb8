import { Controller, Get, Header, Inject } from '@nestjs/common';
import {
  HealthCheck,
  HealthCheckService,
  HealthIndicatorService,
  type HealthCheckResult,
} from '@nestjs/terminus';
import { Public } from '@clawdesk/auth';
import { registry } from '@clawdesk/tracing';
import { Readiness } from './readiness.js';

/** What orchestrators and monitoring ask a process. */
@Public()
@Controller()
export class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
    @Inject(Readiness) private readonly readiness: Readiness,
  ) {}

  /** The process runs and answers; a restart would not help with anything that is wrong outside it. */
  @Get('health/live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** 200 when it can do its work, 503 with the parts that are missing while it cannot. */
  @Get('health/ready')
  @HealthCheck()
  ready(): Promise<HealthCheckResult> {
    return this.health.check(
      this.readiness.parts().map((part) => async () => {
        const indicator = this.indicators.check(part.name);
        const problem = await part.problem();
        return problem === undefined ? indicator.up() : indicator.down({ message: problem });
      }),
    );
  }

  @Get('metrics')
  @Header('content-type', registry.contentType)
  metrics(): Promise<string> {
    return registry.metrics();
  }
}
