import type {
  Envelope,
  MessageUnderstood,
  Outgoing,
  PassagesRequested,
  PassagesRetrieved,
} from '@clawdesk/envelope';
import { Topics } from '@clawdesk/envelope';
import { DatabaseUnavailableError } from '@clawdesk/database';
import { Consumer, DependencyUnavailable, Handles } from '@clawdesk/messaging';
import { Knowledge, type TenantKnowledge } from './knowledge.js';

/** Finds the passages that answer a message, and finds again when business-logic asks with more context. */
@Consumer()
export class RetrievePassages {
  constructor(private readonly knowledge: Knowledge) {}

  @Handles(Topics.messageUnderstood, { group: 'knowledge-base.retrieve-passages', kind: 'stateless' })
  retrieve(message: MessageUnderstood, event: Envelope<MessageUnderstood>): Promise<Outgoing[]> {
    return this.find(message, event.tenant, message.text, 1);
  }

  @Handles(Topics.passagesRequested, { group: 'knowledge-base.retrieve-again', kind: 'stateless' })
  retrieveAgain(message: PassagesRequested, event: Envelope<PassagesRequested>): Promise<Outgoing[]> {
    return this.find(message, event.tenant, message.query, message.attempt);
  }

  private async find(
    message: MessageUnderstood,
    tenant: string,
    query: string,
    attempt: number,
  ): Promise<Outgoing[]> {
    const { index, version } = await this.load(tenant);
    const passages = index.retrieve(query, message.language);
    // Spread first: fields that this version does not know go on as they came.
    const retrieved: PassagesRetrieved = { ...message, passages, query, attempt, knowledgeVersion: version };
    return [Topics.passagesRetrieved.message(retrieved)];
  }

  private async load(tenant: string): Promise<TenantKnowledge> {
    try {
      return await this.knowledge.of(tenant);
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
      throw new DependencyUnavailable('database', 'The tenant’s articles cannot be loaded', { cause: error });
    }
  }
}
