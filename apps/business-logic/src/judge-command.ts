import type { ConversationCommanded } from '@clawdesk/envelope';
import type { Conversation } from './conversations.store.js';

type Command = Pick<ConversationCommanded, 'type' | 'agent' | 'text'>;
type State = Pick<Conversation, 'state' | 'owner' | 'agent' | 'fence' | 'fenceConfirmed'>;

/**
 * Why a command cannot be run in this state, as a stable word; undefined when it can.
 * Only the agent whose the conversation is may reply or give it back; anybody may take over and resolve.
 */
export function rejection(command: Command, conversation: State): string | undefined {
  const isOwner = conversation.owner === 'person' && conversation.agent === command.agent;
  switch (command.type) {
    case 'take-over':
      return isOwner ? 'already-yours' : undefined;
    case 'give-back':
      if (conversation.owner === 'bot') return 'already-with-bot';
      return conversation.owner === 'waiting' || isOwner ? undefined : 'not-yours';
    case 'reply':
      if (!command.text?.trim()) return 'no-text';
      if (!isOwner) return 'not-yours';
      // Until dispatch has the fence, a bot's reply may still go out and cross the person's.
      return conversation.fenceConfirmed >= conversation.fence ? undefined : 'not-yours-yet';
    case 'resolve':
      return conversation.state === 'resolved' ? 'already-resolved' : undefined;
  }
}
