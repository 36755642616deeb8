import type { SchemaMigrations } from '@clawdesk/database';
import { streamEvents } from './0001-stream-events.js';

export const gatewaySchema: SchemaMigrations = { schema: 'gateway', migrations: [streamEvents] };
