import { Topics, type Envelope, type Outgoing, type OwnerChanged } from '@clawdesk/envelope';
import { Consumer, Handles } from '@clawdesk/messaging';
import { FencesStore } from './fences.store.js';

/** Puts the fence of a new owner in force; from its `owner.fenced` on no older bot reply is claimed. */
@Consumer()
export class RaiseFence {
  constructor(private readonly fences: FencesStore) {}

  @Handles(Topics.ownerChanged, { group: 'dispatch.raise-fence', kind: 'stateful' })
  async raise(changed: OwnerChanged, event: Envelope<OwnerChanged>): Promise<Outgoing[]> {
    const { conversation, thread, fence } = changed;
    await this.fences.raise(event.tenant, conversation, fence);
    return [Topics.ownerFenced.message({ conversation, thread, fence })];
  }
}
