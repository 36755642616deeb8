import type { SchemaMigrations } from '@clawdesk/database';
import { deliveries } from './0001-deliveries.js';

export const dispatchSchema: SchemaMigrations = { schema: 'dispatch', migrations: [deliveries] };
