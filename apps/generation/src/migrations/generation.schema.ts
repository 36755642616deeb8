import type { SchemaMigrations } from '@clawdesk/database';
import { replies } from './0001-replies.js';

export const generationSchema: SchemaMigrations = { schema: 'generation', migrations: [replies] };
