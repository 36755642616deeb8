import { Module } from '@nestjs/common';
import type { ServiceDefinition } from '@clawdesk/host';
import { UnderstandMessage } from './understand-message.handler.js';

@Module({ controllers: [UnderstandMessage] })
export class NluModule {}

export const nluService: ServiceDefinition = { name: 'nlu', module: NluModule };
