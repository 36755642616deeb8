import type { SchemaMigrations } from '@clawdesk/database';
import { articles } from './0001-articles.js';

export const knowledgeBaseSchema: SchemaMigrations = { schema: 'knowledge_base', migrations: [articles] };
