import { conversationId, Topics, type Envelope, type Outgoing, type TurnFailed } from '@clawdesk/envelope';
import { Consumer, Handles } from '@clawdesk/messaging';
import { ConversationsStore } from './conversations.store.js';
import { changed, TimelineStore, type NewEntry } from './timeline.store.js';
import { TurnsStore } from './turns.store.js';

/** Reason on the timeline: which part gave up. The record's own words may say something about the customer. */
const reasonOf = (failed: TurnFailed): string => `failed-in:${failed.handler}`.slice(0, 100);

/** Brings in a person when a record of a customer's turn became a dead letter. */
@Consumer()
export class TakeFailedTurn {
  constructor(
    private readonly conversations: ConversationsStore,
    private readonly timeline: TimelineStore,
    private readonly turns: TurnsStore,
  ) {}

  @Handles(Topics.turnFailed, { group: 'business-logic.take-failed-turn', kind: 'stateful' })
  async take(failed: TurnFailed, event: Envelope<TurnFailed>): Promise<Outgoing[]> {
    const { tenant, subjectkey } = event;
    const id = conversationId(tenant, failed.thread);
    // The very first message may be what failed, so that the conversation is not there yet.
    const conversation =
      (await this.conversations.lock(tenant, id)) ??
      (await this.conversations.openUnaddressed(tenant, id, failed.thread, subjectkey));
    if (failed.turn) {
      const turn = await this.turns.find(tenant, failed.turn);
      if (turn?.state) return [];
      if (!turn) await this.turns.openUnrecorded(tenant, failed.turn, id, event.time);
    }

    const at = new Date().toISOString();
    const reason = reasonOf(failed);
    const handOver = conversation.owner === 'bot';
    const fence = conversation.fence + 1;
    const entries: NewEntry[] = [];
    if (failed.turn) entries.push({ kind: 'turn', at, turn: failed.turn, state: 'failed', reason });
    if (handOver) entries.push({ kind: 'owner', at, owner: 'waiting', reason });
    if (entries.length === 0) return [];
    const written = await this.timeline.append(tenant, conversation, entries, {
      end: failed.turn ? { turn: failed.turn, state: 'failed', reason } : undefined,
      change: { state: 'open', ...(handOver && { owner: 'waiting', agent: null, fence }) },
    });
    const outputs = changed(conversation, written);
    if (handOver) {
      outputs.push(Topics.ownerChanged.message({ conversation: id, thread: conversation.thread, fence }));
    }
    return outputs;
  }
}
