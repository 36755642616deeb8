import { Module } from '@nestjs/common';
import type { ServiceDefinition } from '@clawdesk/host';
import { ComposeReply } from './compose-reply.handler.js';
import { generationSchema } from './migrations/generation.schema.js';
import { RepliesStore } from './replies.store.js';

@Module({ controllers: [ComposeReply], providers: [RepliesStore] })
export class GenerationModule {}

export const generationService: ServiceDefinition = {
  name: 'generation',
  module: GenerationModule,
  schema: generationSchema,
};
