import { runService } from '@clawdesk/host';
import { generationService } from './generation.module.js';

await runService([generationService]);
