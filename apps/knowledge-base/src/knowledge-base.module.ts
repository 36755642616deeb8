import { Module } from '@nestjs/common';
import type { ServiceDefinition } from '@clawdesk/host';
import { ArticleListStore } from './article-list.store.js';
import { ArticlesController } from './articles.controller.js';
import { ArticlesStore } from './articles.store.js';
import { KnowledgeChangedHandler } from './knowledge-changed.handler.js';
import { Knowledge } from './knowledge.js';
import { knowledgeBaseSchema } from './migrations/knowledge-base.schema.js';
import { RetrievePassages } from './retrieve-passages.handler.js';

@Module({
  controllers: [ArticlesController, RetrievePassages, KnowledgeChangedHandler],
  providers: [ArticlesStore, ArticleListStore, Knowledge],
})
export class KnowledgeBaseModule {}

export const knowledgeBaseService: ServiceDefinition = {
  name: 'knowledge-base',
  module: KnowledgeBaseModule,
  schema: knowledgeBaseSchema,
};
