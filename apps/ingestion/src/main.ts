import { runService } from '@clawdesk/host';
import { ingestionService } from './ingestion.module.js';

await runService([ingestionService]);
