import {
  replyId,
  Topics,
  type ConversationCommanded,
  type Envelope,
  type Outgoing,
} from '@clawdesk/envelope';
import { Consumer, Handles, PermanentFailure } from '@clawdesk/messaging';
import { logger } from '@clawdesk/tracing';
import { CommandsStore } from './commands.store.js';
import { ConversationsStore, type Conversation } from './conversations.store.js';
import { rejection } from './judge-command.js';
import { changed, TimelineStore, type ConversationChange } from './timeline.store.js';

const log = logger('business-logic');

/** Runs what a person commanded; what cannot be run is rejected, readable under the command's id. */
@Consumer()
export class RunCommand {
  constructor(
    private readonly conversations: ConversationsStore,
    private readonly timeline: TimelineStore,
    private readonly commands: CommandsStore,
  ) {}

  @Handles(Topics.conversationCommanded, { group: 'business-logic.run-command', kind: 'stateful' })
  async run(command: ConversationCommanded, event: Envelope<ConversationCommanded>): Promise<Outgoing[]> {
    const conversation = await this.conversations.lock(event.tenant, command.conversation);
    if (!conversation)
      throw new PermanentFailure(
        `Command ${command.command}: there is no conversation ${command.conversation}.`,
      );
    const reason = rejection(command, conversation);
    if (!(await this.commands.record(event.tenant, command, reason))) return [];
    if (reason) {
      log.warn(
        { command: command.command, type: command.type, conversation: conversation.id, reason },
        'command rejected',
      );
      return [];
    }
    switch (command.type) {
      case 'take-over':
        return this.takeOver(command, conversation, event.tenant);
      case 'give-back':
        return this.change(event.tenant, conversation, command.agent, 'given-back', backToBot);
      case 'resolve':
        return this.change(event.tenant, conversation, command.agent, 'resolved', {
          state: 'resolved',
          ...backToBot,
        });
      case 'reply':
        return this.reply(command, conversation, event);
    }
  }

  /** The bot is silent from here on; the person is told that the conversation is theirs by confirm-owner. */
  private async takeOver(
    { agent }: ConversationCommanded,
    conversation: Conversation,
    tenant: string,
  ): Promise<Outgoing[]> {
    const fence = conversation.fence + 1;
    await this.timeline.append(tenant, conversation, [], {
      change: { state: 'open', owner: 'person', agent, fence },
    });
    return [
      Topics.ownerChanged.message({ conversation: conversation.id, thread: conversation.thread, fence }),
    ];
  }

  private async change(
    tenant: string,
    conversation: Conversation,
    agent: string,
    reason: string,
    change: ConversationChange,
  ): Promise<Outgoing[]> {
    const entry = { kind: 'owner', at: new Date().toISOString(), owner: 'bot', agent, reason } as const;
    return changed(conversation, await this.timeline.append(tenant, conversation, [entry], { change }));
  }

  private async reply(
    { agent, text }: ConversationCommanded,
    conversation: Conversation,
    event: Envelope<ConversationCommanded>,
  ): Promise<Outgoing[]> {
    const address = await this.conversations.address(event.tenant, conversation.thread);
    if (!address)
      throw new PermanentFailure(
        `Conversation ${conversation.id} has no address to reply to: its messages were never recorded.`,
      );
    return [
      Topics.replyComposed.message({
        // The event's id holds tenant, conversation and command: no two commands share a reply.
        reply: replyId(event.id, 'person-reply'),
        conversation: conversation.id,
        ...address,
        thread: conversation.thread,
        author: { kind: 'person', id: agent },
        purpose: 'person-reply',
        language: conversation.language ?? 'und',
        text: text!,
        citations: [],
        considered: [],
      }),
    ];
  }
}

const backToBot: ConversationChange = { owner: 'bot', agent: null, nothingFound: 0 };
