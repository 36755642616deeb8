import { runService } from '@clawdesk/host';
import { dispatchService } from './dispatch.module.js';

await runService([dispatchService]);
