import type { SchemaMigrations } from '@clawdesk/database';
import { conversations } from './0001-conversations.js';
import { timeline } from './0002-timeline.js';
import { indexes } from './0003-indexes.js';

export const businessLogicSchema: SchemaMigrations = {
  schema: 'business_logic',
  migrations: [conversations, timeline, indexes],
};
