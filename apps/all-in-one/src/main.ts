import { runService } from '@clawdesk/host';
import { services } from './services.js';

await runService(services);
