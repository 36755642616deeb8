import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiKeysController, TenantsController } from '@clawdesk/auth';
import { customerRoutes, type ServiceDefinition } from '@clawdesk/host';
import { ChatStreamController } from './chat-stream.controller.js';
import { LiveStreams } from './live-streams.js';
import { gatewaySchema } from './migrations/gateway.schema.js';
import { Replicas } from './replicas.js';
import { Retention } from './retention.js';
import { StoreChanges } from './store-changes.handler.js';
import { StreamEventsStore } from './stream-events.store.js';

@Module({
  controllers: [ChatStreamController, TenantsController, ApiKeysController, StoreChanges],
  providers: [StreamEventsStore, LiveStreams, Replicas, Retention],
})
export class GatewayModule {
  constructor(http: HttpAdapterHost) {
    customerRoutes(http, { paths: ['/chat/stream'] });
  }
}

export const gatewayService: ServiceDefinition = {
  name: 'gateway',
  module: GatewayModule,
  schema: gatewaySchema,
};
