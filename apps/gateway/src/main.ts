import { runService } from '@clawdesk/host';
import { gatewayService } from './gateway.module.js';

await runService([gatewayService]);
