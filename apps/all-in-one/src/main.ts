import { migrateServices, runService } from '@clawdesk/host';
import { services } from './services.js';

await (process.argv.includes('--migrate-only') ? migrateServices(services) : runService(services));
