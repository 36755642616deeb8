import { Topics, type Envelope, type KnowledgeChanged } from '@clawdesk/envelope';
import { Broadcasts, Consumer } from '@clawdesk/messaging';
import { Knowledge } from './knowledge.js';

/** Keeps this replica's indexes up to date with what other replicas write. */
@Consumer()
export class KnowledgeChangedHandler {
  constructor(private readonly knowledge: Knowledge) {}

  @Broadcasts(Topics.knowledgeChanged)
  async reload(
    message: KnowledgeChanged | undefined,
    event: Envelope<KnowledgeChanged> | undefined,
  ): Promise<void> {
    if (message && event) await this.knowledge.refresh(event.tenant, message.version);
    else await this.knowledge.refreshAll();
  }
}
