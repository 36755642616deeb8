import { Database } from '@clawdesk/database';
import {
  conversationId,
  Topics,
  type Envelope,
  type Outgoing,
  type PassagesRetrieved,
  type TimelineEntry,
} from '@clawdesk/envelope';
import { Consumer, Handles } from '@clawdesk/messaging';
import { counter } from '@clawdesk/tracing';
import { decisionConfig as config } from './business-logic.config.js';
import { ConversationsStore, type Conversation } from './conversations.store.js';
import { decide, joinTexts, nothingFoundAfter, type Situation, type Verdict } from './decide.js';
import { changed, TimelineStore } from './timeline.store.js';
import { TurnsStore, type Past, type Turn } from './turns.store.js';

const decided = counter('clawdesk_turns_decided_total', 'Decisions about customers’ turns', ['decision']);

type Said = Extract<Verdict, { kind: 'say' }>;

/** One turn on its way through the handler. */
interface Work {
  message: PassagesRetrieved;
  event: Envelope<PassagesRetrieved>;
  conversation: Conversation;
  turn: string;
  past: Past;
  situation: Situation;
}

/** Decides what becomes of a customer's message, seeing only what is numbered before it. */
@Consumer()
export class DecideTurn {
  constructor(
    private readonly conversations: ConversationsStore,
    private readonly timeline: TimelineStore,
    private readonly turns: TurnsStore,
    private readonly database: Database,
  ) {}

  @Handles(Topics.passagesRetrieved, { group: 'business-logic.decide-turn', kind: 'stateful' })
  async decide(message: PassagesRetrieved, event: Envelope<PassagesRetrieved>): Promise<Outgoing[]> {
    const { tenant, correlationid: turn } = event;
    const id = conversationId(tenant, message.thread);
    let conversation = await this.conversations.lock(tenant, id);
    let recorded: TimelineEntry | undefined;
    if (!conversation || conversation.lastSequence === 0) {
      conversation = await this.conversations.open(tenant, id, event.subjectkey, message);
    }
    if (!isOnlyMessage(conversation, turn)) {
      recorded = await this.recordUnlessKnown(conversation, message, event);
    }
    const past = isOnlyMessage(conversation, turn) ? nothingBefore : await this.past(tenant, id, turn);
    if (past.turn && !isOpen(past.turn, message.attempt)) return changed(conversation, [recorded]);

    const situation = situationOf(conversation, turn, past);
    const work = { message, event, conversation, turn, past, situation };
    const outputs = await this.act(decide(situation, message, config), work);
    return [...changed(conversation, [recorded]), ...outputs];
  }

  /** A message that is older than the newest one is on the timeline already. */
  private async recordUnlessKnown(
    conversation: Conversation,
    message: PassagesRetrieved,
    event: Envelope<PassagesRetrieved>,
  ): Promise<TimelineEntry | undefined> {
    if (conversation.lastMessage === event.correlationid) return undefined;
    return this.timeline.recordMessage(conversation, message, event);
  }

  private past(tenant: string, conversation: string, turn: string): Promise<Past> {
    const limits = { messages: config.contextMessages, characters: config.contextCharacters };
    return this.turns.past(tenant, conversation, turn, limits);
  }

  private act(verdict: Verdict, work: Work): Promise<Outgoing[]> {
    switch (verdict.kind) {
      case 'stay-silent':
        return this.end(work, 'with-person', verdict.reason);
      case 'superseded':
        return this.end(work, 'superseded', 'newer-message', verdict.by);
      case 'retrieve-again':
        return this.retrieveAgain(verdict, work);
      case 'say':
        return this.say(verdict, work);
    }
  }

  /** Ends a turn that needs no words. */
  private async end(
    work: Work,
    state: 'with-person' | 'superseded',
    reason: string,
    supersededBy?: string,
  ): Promise<Outgoing[]> {
    const { conversation, turn, event } = work;
    const decision = state === 'superseded' ? 'superseded' : 'stay-silent';
    if (!(await this.write(work, decision, reason))) return [];
    const entry = { kind: 'turn', at: new Date().toISOString(), turn, state, reason, supersededBy } as const;
    const end = { turn, state, reason, supersededBy };
    return changed(conversation, await this.timeline.append(event.tenant, conversation, [entry], { end }));
  }

  private async retrieveAgain(
    { query, topic }: Extract<Verdict, { kind: 'retrieve-again' }>,
    { message, event, turn }: Work,
  ): Promise<Outgoing[]> {
    const attempt = message.attempt + 1;
    const intent = message.intents[0]?.name;
    if (!(await this.turns.retrieveAgain(event.tenant, turn, { attempt, topic, intent }))) return [];
    const { passages: _passages, knowledgeVersion: _version, ...understood } = message;
    return [Topics.passagesRequested.message({ ...understood, query, attempt })];
  }

  private async say({ decision, reason }: Said, work: Work): Promise<Outgoing[]> {
    const { message, conversation, turn, past } = work;
    if (!(await this.write(work, decision, reason))) return [];
    const outputs: Outgoing[] = [];
    if (decision === 'hand-off') outputs.push(...(await this.handOver(work, reason)));
    outputs.push(
      Topics.turnDecided.message({
        conversation: conversation.id,
        turn,
        channel: message.channel,
        account: message.account,
        thread: message.thread,
        contactPoint: message.contactPoint,
        decision,
        reason,
        language: languageOf(message, conversation),
        // A question that was searched together with earlier texts is answered together with them.
        question: message.attempt > 1 ? message.query : message.text,
        context: past.messages.map(({ author, text }) => ({ author, text })),
        passages: message.passages,
        fence: conversation.fence,
      }),
    );
    return outputs;
  }

  /** The fence is raised with the hand-over: what the bot composed before it is not sent any more. */
  private async handOver({ conversation, event }: Work, reason: string): Promise<Outgoing[]> {
    const fence = conversation.fence + 1;
    const entries = await this.timeline.append(
      event.tenant,
      conversation,
      [{ kind: 'owner', at: new Date().toISOString(), owner: 'waiting', reason }],
      { change: { owner: 'waiting', agent: null, fence } },
    );
    const ownerChanged = { conversation: conversation.id, thread: conversation.thread, fence };
    return [...changed(conversation, entries), Topics.ownerChanged.message(ownerChanged)];
  }

  /** Writes the decision. False when the turn had one. */
  private async write(
    work: Work,
    decision: Said['decision'] | 'stay-silent' | 'superseded',
    reason: string,
  ): Promise<boolean> {
    const { message, event, conversation, turn, past } = work;
    const written = await this.turns.decide(event.tenant, conversation, turn, {
      decision,
      reason,
      intent: message.intents[0]?.name,
      confidence: message.intents[0]?.confidence,
      topic: past.turn?.topic ?? joinTexts([message.text], config.topicCharacters),
      passages: [...new Set(message.passages.map((passage) => passage.article))],
      language: languageOf(message, conversation),
      nothingFound: nothingFoundAfter(conversation.nothingFound, decision),
    });
    if (written) this.database.afterCommit(() => decided.inc({ decision }));
    return written;
  }
}

const nothingBefore: Past = { turn: undefined, earlier: [], messages: [] };

/** Then there is no past to read. */
const isOnlyMessage = (conversation: Conversation, turn: string): boolean =>
  conversation.lastSequence === 1 && conversation.lastMessage === turn;

const isOpen = (turn: Turn, attempt: number): boolean =>
  turn.state === null && turn.decision === null && turn.attempt <= attempt;

const languageOf = (message: PassagesRetrieved, conversation: Conversation): string =>
  message.language === 'und' ? (conversation.language ?? message.locale ?? 'en') : message.language;

function situationOf(conversation: Conversation, turn: string, past: Past): Situation {
  const texts = new Map(past.messages.map((message) => [message.id, message.text]));
  const overtaken: string[] = [];
  for (const earlier of past.earlier) {
    // One still waiting for its second retrieval will find itself superseded by this message.
    const open = earlier.state === null && earlier.decision === null;
    if (!open && earlier.state !== 'superseded') break;
    const text = texts.get(earlier.id);
    if (text && earlier.intent !== 'greeting' && earlier.intent !== 'thanks') overtaken.unshift(text);
  }
  const answered = past.earlier.find((earlier) => earlier.decision === 'answer');
  return {
    owner: conversation.owner,
    nothingFound: conversation.nothingFound,
    newer: conversation.lastMessage === turn ? undefined : (conversation.lastMessage ?? undefined),
    joined: overtaken,
    topic: answered?.topic ?? undefined,
  };
}
