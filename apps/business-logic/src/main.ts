import { runService } from '@clawdesk/host';
import { businessLogicService } from './business-logic.module.js';

await runService([businessLogicService]);
