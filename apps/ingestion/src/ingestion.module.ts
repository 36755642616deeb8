import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { customerRoutes, type ServiceDefinition } from '@clawdesk/host';
import { ChatController } from './chat.controller.js';
import { chatBodyLimit } from './ingestion.config.js';
import { RateLimiter } from './rate-limiter.js';

@Module({ controllers: [ChatController], providers: [RateLimiter] })
export class IngestionModule {
  constructor(http: HttpAdapterHost) {
    customerRoutes(http, { paths: ['/chat/threads', '/chat/messages'], bodyLimit: chatBodyLimit });
  }
}

export const ingestionService: ServiceDefinition = { name: 'ingestion', module: IngestionModule };
