import { Module } from '@nestjs/common';
import { ChannelRegistry } from '@clawdesk/channels';
import type { ServiceDefinition } from '@clawdesk/host';
import { ClaimReply } from './claim-reply.handler.js';
import { ClaimsStore } from './claims.store.js';
import { senderConfig } from './dispatch.config.js';
import { FencesStore } from './fences.store.js';
import { dispatchSchema } from './migrations/dispatch.schema.js';
import { RaiseFence } from './raise-fence.handler.js';
import { SENDER_CONFIG, Sender } from './sender.js';
import { SendsStore } from './sends.store.js';

@Module({
  controllers: [ClaimReply, RaiseFence],
  providers: [
    ClaimsStore,
    FencesStore,
    SendsStore,
    Sender,
    { provide: ChannelRegistry, useFactory: () => new ChannelRegistry() },
    { provide: SENDER_CONFIG, useValue: senderConfig },
  ],
})
export class DispatchModule {}

export const dispatchService: ServiceDefinition = {
  name: 'dispatch',
  module: DispatchModule,
  schema: dispatchSchema,
};
