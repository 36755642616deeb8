import { Database } from '@clawdesk/database';
import { Topics, type ConversationChanged, type Envelope } from '@clawdesk/envelope';
import { Consumer, Handles } from '@clawdesk/messaging';
import { LiveStreams } from './live-streams.js';
import { Replicas } from './replicas.js';
import { StreamEventsStore } from './stream-events.store.js';

/** Keeps what screens show and wakes the streams that show it, here from memory and elsewhere by name. */
@Consumer()
export class StoreChanges {
  constructor(
    private readonly events: StreamEventsStore,
    private readonly streams: LiveStreams,
    private readonly replicas: Replicas,
    private readonly database: Database,
  ) {}

  @Handles(Topics.conversationChanged, { group: 'gateway.store-changes', kind: 'stateful' })
  async store(changed: ConversationChanged, { tenant }: Envelope<ConversationChanged>): Promise<void> {
    const { conversation } = changed;
    const events = await this.events.store(tenant, changed);
    this.database.afterCommit(() => {
      this.streams.offer({ tenant, conversation }, events);
      this.replicas.tell({ tenant, conversation });
    });
  }
}
