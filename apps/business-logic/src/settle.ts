import type { OwnerKind, ReplyDelivered, TurnState } from '@clawdesk/envelope';

/** What a reply's delivery means for its conversation. */
export interface Settlement {
  /** Whether the reply goes on the timeline, and marked as what, when it is not certain that the customer has it. */
  reply?: { state?: TurnState; reason?: string };
  /** How the reply's turn ends; none when it belongs to no turn. */
  turn?: { state: TurnState; reason: string };
  /** Whether a person has to look after it, because the bot could not reach the customer. */
  handOver: boolean;
}

type Delivered = Pick<ReplyDelivered, 'outcome' | 'purpose' | 'turn'>;

export function settle(delivered: Delivered, owner: OwnerKind): Settlement {
  const { outcome, purpose, turn } = delivered;
  const handedOff = purpose === 'hand-off';
  if (!turn) return settleUnasked(outcome);
  switch (outcome) {
    case 'sent':
      return {
        reply: {},
        turn: { state: handedOff ? 'with-person' : 'answered', reason: purpose },
        handOver: false,
      };
    case 'failed':
      // The person has the conversation, whether or not the customer could be told so.
      if (handedOff)
        return { turn: { state: 'with-person', reason: 'notice-not-delivered' }, handOver: false };
      return { turn: { state: 'failed', reason: 'delivery-failed' }, handOver: true };
    case 'unknown':
      return { turn: { state: 'unknown', reason: 'delivery-unknown' }, handOver: false };
    case 'fenced':
      return {
        turn:
          owner === 'bot'
            ? { state: 'suppressed', reason: 'fenced' }
            : { state: 'with-person', reason: 'fenced' },
        handOver: false,
      };
  }
}

/** A person's reply or a notice: whoever wrote it sees that it did not arrive. */
function settleUnasked(outcome: ReplyDelivered['outcome']): Settlement {
  switch (outcome) {
    case 'sent':
      return { reply: {}, handOver: false };
    case 'failed':
      return { reply: { state: 'failed', reason: 'delivery-failed' }, handOver: false };
    case 'unknown':
      return { reply: { state: 'unknown', reason: 'delivery-unknown' }, handOver: false };
    case 'fenced':
      return { reply: { state: 'suppressed', reason: 'fenced' }, handOver: false };
  }
}
