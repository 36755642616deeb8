import { Topics, type Envelope, type Outgoing, type OwnerFenced } from '@clawdesk/envelope';
import { Consumer, Handles } from '@clawdesk/messaging';
import { ConversationsStore } from './conversations.store.js';
import { changed, TimelineStore } from './timeline.store.js';

/** Says "yours" to the person who took over, once dispatch claims no older bot reply any more. */
@Consumer()
export class ConfirmOwner {
  constructor(
    private readonly conversations: ConversationsStore,
    private readonly timeline: TimelineStore,
  ) {}

  @Handles(Topics.ownerFenced, { group: 'business-logic.confirm-owner', kind: 'stateful' })
  async confirm(fenced: OwnerFenced, event: Envelope<OwnerFenced>): Promise<Outgoing[]> {
    const conversation = await this.conversations.lock(event.tenant, fenced.conversation);
    // An older fence belongs to somebody who is not the owner any more.
    if (!conversation || fenced.fence !== conversation.fence || conversation.fenceConfirmed >= fenced.fence)
      return [];
    await this.conversations.confirmFence(event.tenant, conversation.id, fenced.fence);
    // Waiting for a person, and giving back, were on the timeline at once: nobody relied on the fence for them.
    if (conversation.owner !== 'person') return [];
    const at = new Date().toISOString();
    const entry = { kind: 'owner', at, owner: 'person', agent: conversation.agent ?? undefined } as const;
    return changed(conversation, await this.timeline.append(event.tenant, conversation, [entry]));
  }
}
