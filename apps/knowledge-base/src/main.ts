import { runService } from '@clawdesk/host';
import { knowledgeBaseService } from './knowledge-base.module.js';

await runService([knowledgeBaseService]);
