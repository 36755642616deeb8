import { Module } from '@nestjs/common';
import type { ServiceDefinition } from '@clawdesk/host';
import { CommandsStore } from './commands.store.js';
import { ConfirmOwner } from './confirm-owner.handler.js';
import { ConversationsController } from './conversations.controller.js';
import { ConversationsStore } from './conversations.store.js';
import { DecideTurn } from './decide-turn.handler.js';
import { InboxStore } from './inbox.store.js';
import { businessLogicSchema } from './migrations/business-logic.schema.js';
import { RecordDelivery } from './record-delivery.handler.js';
import { RecordMessage } from './record-message.handler.js';
import { RunCommand } from './run-command.handler.js';
import { TakeFailedTurn } from './take-failed-turn.handler.js';
import { TimelineMonths } from './timeline-months.js';
import { TimelineStore } from './timeline.store.js';
import { TurnsStore } from './turns.store.js';

@Module({
  controllers: [
    ConversationsController,
    RecordMessage,
    DecideTurn,
    RecordDelivery,
    TakeFailedTurn,
    RunCommand,
    ConfirmOwner,
  ],
  providers: [ConversationsStore, TimelineStore, TurnsStore, CommandsStore, InboxStore, TimelineMonths],
})
export class BusinessLogicModule {}

export const businessLogicService: ServiceDefinition = {
  name: 'business-logic',
  module: BusinessLogicModule,
  schema: businessLogicSchema,
};
