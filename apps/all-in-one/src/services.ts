import { businessLogicService } from '@clawdesk/business-logic';
import { dispatchService } from '@clawdesk/dispatch';
import { gatewayService } from '@clawdesk/gateway';
import { generationService } from '@clawdesk/generation';
import type { ServiceDefinition } from '@clawdesk/host';
import { ingestionService } from '@clawdesk/ingestion';
import { knowledgeBaseService } from '@clawdesk/knowledge-base';
import { nluService } from '@clawdesk/nlu';

/** Every service there is, in the order of a message's way. */
export const services: readonly ServiceDefinition[] = [
  gatewayService,
  ingestionService,
  nluService,
  knowledgeBaseService,
  businessLogicService,
  generationService,
  dispatchService,
];
