import {
  conversationId,
  deriveId,
  messageId,
  Topics,
  type ConversationChanged,
  type ConversationCommanded,
  type Envelope,
  type MessageReceived,
  type Outgoing,
  type OwnerFenced,
  type Passage,
  type PassagesRetrieved,
  type ReplyDelivered,
  type TimelineEntry,
  type Topic,
  type TurnDecided,
  type TurnFailed,
} from '@clawdesk/envelope';
import { type Database } from '@clawdesk/database';
import { deliver } from '@clawdesk/messaging';
import { CommandsStore } from '../src/commands.store.js';
import { ConfirmOwner } from '../src/confirm-owner.handler.js';
import { ConversationsStore } from '../src/conversations.store.js';
import { DecideTurn } from '../src/decide-turn.handler.js';
import { RecordDelivery } from '../src/record-delivery.handler.js';
import { RecordMessage } from '../src/record-message.handler.js';
import { RunCommand } from '../src/run-command.handler.js';
import { TakeFailedTurn } from '../src/take-failed-turn.handler.js';
import { TimelineStore } from '../src/timeline.store.js';
import { TurnsStore } from '../src/turns.store.js';

export const passage = (coverage = 0.9): Passage => ({
  id: 'p1',
  article: 'returns',
  version: 1,
  title: 'Returns',
  text: 'Returns are free within 30 days.',
  language: 'en',
  score: 7,
  coverage,
});

/** The room of decisions with its handlers, each called as the engine does: in one transaction of the tenant. */
export class Room {
  private readonly conversations = new ConversationsStore(this.database);
  private readonly turns = new TurnsStore(this.database);
  readonly timeline = new TimelineStore(this.database);
  readonly commands = new CommandsStore(this.database);
  private readonly recordMessage = new RecordMessage(this.conversations, this.timeline);
  private readonly decideTurn = new DecideTurn(this.conversations, this.timeline, this.turns, this.database);
  private readonly recordDelivery = new RecordDelivery(
    this.conversations,
    this.timeline,
    this.turns,
    this.database,
  );
  private readonly takeFailedTurn = new TakeFailedTurn(this.conversations, this.timeline, this.turns);
  private readonly runCommand = new RunCommand(this.conversations, this.timeline, this.commands);
  private readonly confirmOwner = new ConfirmOwner(this.conversations, this.timeline);

  constructor(readonly database: Database) {}

  /** A thread of a tenant; tenants may use the same names. */
  thread(tenant: string, name: string): Thread {
    return new Thread(this, tenant, name);
  }

  async run<P extends object>(
    handler: keyof Handlers,
    topic: Topic<P>,
    event: Envelope<P>,
  ): Promise<Outgoing[]> {
    return this.database.tenantScope(event.tenant, () => deliver(this.handlers[handler], topic, event));
  }

  private readonly handlers = {
    recordMessage: this.recordMessage,
    decideTurn: this.decideTurn,
    recordDelivery: this.recordDelivery,
    takeFailedTurn: this.takeFailedTurn,
    runCommand: this.runCommand,
    confirmOwner: this.confirmOwner,
  };
}

type Handlers = Room['handlers'];

/** A customer's thread as the other services would drive it. */
export class Thread {
  readonly conversation: string;
  readonly key: string;

  constructor(
    private readonly room: Room,
    readonly tenant: string,
    name: string,
  ) {
    this.key = name;
    this.conversation = conversationId(tenant, name);
  }

  /** Id of the message with this client id. */
  turn(clientId: string): string {
    return messageId(this.tenant, 'web', `${this.key}:${clientId}`);
  }

  received(clientId: string, text: string): Promise<Outgoing[]> {
    return this.room.run(
      'recordMessage',
      Topics.messageReceived,
      this.envelope(clientId, 'received', this.message(clientId, text)),
    );
  }

  retrieved(clientId: string, text: string, given: Partial<PassagesRetrieved> = {}): Promise<Outgoing[]> {
    const data: PassagesRetrieved = {
      ...this.message(clientId, text),
      language: 'en',
      intents: [{ name: 'other', confidence: 0.9 }],
      entities: [],
      sentiment: 0,
      passages: [passage()],
      query: text,
      attempt: 1,
      knowledgeVersion: 1,
      ...given,
    };
    return this.room.run(
      'decideTurn',
      Topics.passagesRetrieved,
      this.envelope(clientId, `retrieved-${data.attempt}`, data),
    );
  }

  wantsPerson(clientId: string): Promise<Outgoing[]> {
    return this.retrieved(clientId, 'I want a person', {
      intents: [{ name: 'wants-person', confidence: 0.95 }],
    });
  }

  /** What dispatch says about the reply to a turn. */
  delivered(clientId: string, given: Partial<ReplyDelivered> = {}): Promise<Outgoing[]> {
    const data: ReplyDelivered = {
      reply: deriveId('reply', this.turn(clientId)),
      conversation: this.conversation,
      turn: this.turn(clientId),
      channel: 'webchat',
      account: 'web',
      thread: this.key,
      contactPoint: 'visitor-1',
      author: { kind: 'bot', id: 'clawdesk' },
      purpose: 'answer',
      language: 'en',
      text: 'Returns are free. [1]',
      citations: [{ number: 1, article: 'returns', version: 1, title: 'Returns' }],
      considered: ['returns', 'refunds'],
      fence: 0,
      outcome: 'sent',
      ...given,
    };
    return this.room.run('recordDelivery', Topics.replyDelivered, this.envelope(clientId, 'delivered', data));
  }

  failed(clientId: string | undefined): Promise<Outgoing[]> {
    const data: TurnFailed = {
      thread: this.key,
      turn: clientId && this.turn(clientId),
      topic: 'turn.decided',
      handler: 'generation.compose-reply',
      reason: 'gave up',
      attempts: 8,
    };
    return this.room.run(
      'takeFailedTurn',
      Topics.turnFailed,
      this.envelope(clientId ?? 'unread', 'failed', data),
    );
  }

  command(
    type: ConversationCommanded['type'],
    agent = 'ann',
    text?: string,
    id = deriveId(type, agent, text ?? ''),
  ): Promise<Outgoing[]> {
    const data: ConversationCommanded = { command: id, conversation: this.conversation, type, agent, text };
    return this.room.run('runCommand', Topics.conversationCommanded, this.envelope(id, 'commanded', data));
  }

  fenced(fence: number): Promise<Outgoing[]> {
    const data: OwnerFenced = { conversation: this.conversation, thread: this.key, fence };
    return this.room.run('confirmOwner', Topics.ownerFenced, this.envelope(`fence-${fence}`, 'fenced', data));
  }

  /** Message, decision and delivery of one answered turn. */
  async answered(clientId: string, text: string): Promise<void> {
    await this.received(clientId, text);
    await this.retrieved(clientId, text);
    await this.delivered(clientId);
  }

  timeline(): Promise<TimelineEntry[]> {
    return this.room.timeline.read(this.tenant, this.conversation, 500);
  }

  private message(clientId: string, text: string): MessageReceived {
    return {
      channel: 'webchat',
      account: 'web',
      thread: this.key,
      contactPoint: 'visitor-1',
      text,
      attachments: [],
      channelMessageId: clientId,
      channelTime: '2026-11-21T08:00:00.000Z',
      locale: 'en',
    };
  }

  private envelope<P>(clientId: string, step: string, data: P): Envelope<P> {
    return {
      id: deriveId(this.turn(clientId), step),
      type: step,
      source: '/test',
      time: new Date().toISOString(),
      dataschema: 'test',
      tenant: this.tenant,
      partitionkey: this.key,
      correlationid: this.turn(clientId),
      causationid: this.turn(clientId),
      hops: 0,
      subjectkey: 'contact-1',
      data,
    };
  }
}

export const topicsOf = (outputs: readonly Outgoing[]): string[] =>
  outputs.map((output) => output.topic.name);

/** The only output on that topic. */
export function output<P extends object>(outputs: readonly Outgoing[], topic: Topic<P>): P {
  const found = outputs.filter((candidate) => candidate.topic.name === topic.name);
  if (found.length !== 1)
    throw new Error(`expected one ${topic.name}, got ${topicsOf(outputs).join(', ') || 'nothing'}`);
  return found[0]!.data as P;
}

export const decidedIn = (outputs: readonly Outgoing[]): TurnDecided => output(outputs, Topics.turnDecided);
export const changedIn = (outputs: readonly Outgoing[]): ConversationChanged =>
  output(outputs, Topics.conversationChanged);

/** Entries as short lines: '1 message', '3 turn answered'. */
export const lines = (entries: readonly TimelineEntry[]): string[] =>
  entries.map(({ sequence, kind, state, owner }) =>
    [sequence, kind, state ?? owner].filter((part) => part !== undefined).join(' '),
  );
