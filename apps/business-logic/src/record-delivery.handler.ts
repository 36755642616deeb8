import { Database } from '@clawdesk/database';
import { Topics, type Envelope, type Outgoing, type ReplyDelivered } from '@clawdesk/envelope';
import { Consumer, Handles, PermanentFailure } from '@clawdesk/messaging';
import { counter } from '@clawdesk/tracing';
import { ConversationsStore, type Conversation } from './conversations.store.js';
import { settle, type Settlement } from './settle.js';
import { storable } from './storable-text.js';
import { changed, TimelineStore, type ConversationChange, type NewEntry } from './timeline.store.js';
import { TurnsStore } from './turns.store.js';

const ended = counter('clawdesk_turns_ended_total', 'Turns by the state in which they ended', ['state']);

/** Puts a reply and the end of its turn on the timeline, once dispatch says what became of it. */
@Consumer()
export class RecordDelivery {
  constructor(
    private readonly conversations: ConversationsStore,
    private readonly timeline: TimelineStore,
    private readonly turns: TurnsStore,
    private readonly database: Database,
  ) {}

  @Handles(Topics.replyDelivered, { group: 'business-logic.record-delivery', kind: 'stateful' })
  async record(delivered: ReplyDelivered, event: Envelope<ReplyDelivered>): Promise<Outgoing[]> {
    const conversation = await this.conversations.lock(event.tenant, delivered.conversation);
    if (!conversation) {
      throw new PermanentFailure(
        `Reply ${delivered.reply} belongs to conversation ${delivered.conversation}, which is not there.`,
      );
    }
    const settlement = settle(delivered, conversation.owner);
    const handOver = settlement.handOver && (await this.needsPerson(event.tenant, conversation, delivered));
    const at = new Date().toISOString();
    const entries = [...entriesOf(delivered, settlement, at), ...(handOver ? [waiting(at)] : [])];
    const change: ConversationChange = handOver
      ? { owner: 'waiting', agent: null, fence: conversation.fence + 1 }
      : {};
    const end = settlement.turn &&
      delivered.turn && { turn: delivered.turn, reply: delivered.reply, ...settlement.turn };
    const written = await this.timeline.append(event.tenant, conversation, entries, {
      end: end || undefined,
      change,
    });
    for (const { kind, state } of written) {
      if (kind === 'turn' && state) this.database.afterCommit(() => ended.inc({ state }));
    }
    const outputs = changed(conversation, written);
    if (handOver) {
      const { id, thread, fence } = conversation;
      outputs.push(Topics.ownerChanged.message({ conversation: id, thread, fence }));
    }
    return outputs;
  }

  /** The same failure reported twice must not take the conversation from the bot again once it was given back. */
  private async needsPerson(
    tenant: string,
    conversation: Conversation,
    delivered: ReplyDelivered,
  ): Promise<boolean> {
    if (conversation.owner !== 'bot' || !delivered.turn) return false;
    const turn = await this.turns.find(tenant, delivered.turn);
    return turn !== undefined && (turn.state === null || turn.state === 'unknown');
  }
}

const waiting = (at: string): NewEntry => ({
  kind: 'owner',
  at,
  owner: 'waiting',
  reason: 'delivery-failed',
});

function entriesOf(delivered: ReplyDelivered, settlement: Settlement, at: string): NewEntry[] {
  const entries: NewEntry[] = [];
  if (settlement.reply) {
    entries.push({
      kind: 'reply',
      at,
      id: delivered.reply,
      author: delivered.author.kind,
      agent: delivered.author.id,
      text: storable(delivered.text),
      language: delivered.language,
      citations: delivered.citations,
      considered: delivered.considered,
      purpose: delivered.purpose,
      turn: delivered.turn,
      ...settlement.reply,
    });
  }
  if (settlement.turn) entries.push({ kind: 'turn', at, turn: delivered.turn, ...settlement.turn });
  return entries;
}
