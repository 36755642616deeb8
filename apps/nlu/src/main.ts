import { runService } from '@clawdesk/host';
import { nluService } from './nlu.module.js';

await runService([nluService]);
