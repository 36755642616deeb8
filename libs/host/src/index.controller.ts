import { Controller, Get } from '@nestjs/common';
import { Public } from '@clawdesk/auth';

/** What whoever opens the address of a process in a browser gets to know. */
@Public()
@Controller()
export class IndexController {
  @Get()
  index(): Readonly<Record<string, string>> {
    return { name: 'Clawdesk', health: '/health/ready', metrics: '/metrics', docs: 'README.md and docs/' };
  }
}
