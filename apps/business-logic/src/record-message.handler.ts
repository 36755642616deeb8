import {
  conversationId,
  Topics,
  type Envelope,
  type MessageReceived,
  type Outgoing,
} from '@clawdesk/envelope';
import { Consumer, Handles } from '@clawdesk/messaging';
import { ConversationsStore } from './conversations.store.js';
import { changed, TimelineStore } from './timeline.store.js';

/** Puts a customer's message on the timeline, unless decide-turn was faster. */
@Consumer()
export class RecordMessage {
  constructor(
    private readonly conversations: ConversationsStore,
    private readonly timeline: TimelineStore,
  ) {}

  @Handles(Topics.messageReceived, { group: 'business-logic.record-message', kind: 'stateful' })
  async record(message: MessageReceived, event: Envelope<MessageReceived>): Promise<Outgoing[]> {
    const id = conversationId(event.tenant, message.thread);
    const conversation = await this.conversations.open(event.tenant, id, event.subjectkey, message);
    const entry = await this.timeline.recordMessage(conversation, message, event);
    return changed(conversation, [entry]);
  }
}
