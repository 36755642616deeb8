import { ConversationChanged } from './payloads/conversation-changed.js';
import { ConversationCommanded } from './payloads/conversation-commanded.js';
import { IntentsChanged, KnowledgeChanged } from './payloads/knowledge-changed.js';
import { MessageReceived } from './payloads/message-received.js';
import { MessageUnderstood } from './payloads/message-understood.js';
import { OwnerChanged, OwnerFenced } from './payloads/owner-changed.js';
import { PassagesRequested } from './payloads/passages-requested.js';
import { PassagesRetrieved } from './payloads/passages-retrieved.js';
import { ReplyComposed } from './payloads/reply-composed.js';
import { ReplyDelivered } from './payloads/reply-delivered.js';
import { TimerFired } from './payloads/timer-fired.js';
import { TurnDecided } from './payloads/turn-decided.js';
import { TurnFailed } from './payloads/turn-failed.js';
import { Topic } from './topic.js';

/**
 * The topic table: every topic there is, who may write it and which consumer groups read it.
 * A new topic is one payload file and one row here.
 */
export const Topics = {
  messageReceived: new Topic('message.received', '1.0', MessageReceived, {
    producers: ['ingestion'],
    groups: ['nlu.understand-message', 'business-logic.record-message'],
    partOfTurn: true,
  }),
  messageUnderstood: new Topic('message.understood', '1.0', MessageUnderstood, {
    producers: ['nlu'],
    groups: ['knowledge-base.retrieve-passages'],
    partOfTurn: true,
  }),
  passagesRequested: new Topic('passages.requested', '1.0', PassagesRequested, {
    producers: ['business-logic'],
    groups: ['knowledge-base.retrieve-again'],
    partOfTurn: true,
  }),
  passagesRetrieved: new Topic('passages.retrieved', '1.0', PassagesRetrieved, {
    producers: ['knowledge-base'],
    groups: ['business-logic.decide-turn'],
    partOfTurn: true,
  }),
  turnDecided: new Topic('turn.decided', '1.0', TurnDecided, {
    producers: ['business-logic'],
    groups: ['generation.compose-reply'],
    partOfTurn: true,
  }),
  replyComposed: new Topic('reply.composed', '1.0', ReplyComposed, {
    producers: ['generation', 'business-logic'],
    groups: ['dispatch.claim-reply'],
    partOfTurn: true,
  }),
  replyDelivered: new Topic('reply.delivered', '1.0', ReplyDelivered, {
    producers: ['dispatch'],
    groups: ['business-logic.record-delivery'],
    partOfTurn: true,
  }),
  turnFailed: new Topic('turn.failed', '1.0', TurnFailed, {
    producers: ['messaging'],
    groups: ['business-logic.take-failed-turn'],
  }),
  conversationCommanded: new Topic('conversation.commanded', '1.0', ConversationCommanded, {
    producers: ['business-logic'],
    groups: ['business-logic.run-command'],
  }),
  ownerChanged: new Topic('owner.changed', '1.0', OwnerChanged, {
    producers: ['business-logic'],
    groups: ['dispatch.raise-fence'],
  }),
  ownerFenced: new Topic('owner.fenced', '1.0', OwnerFenced, {
    producers: ['dispatch'],
    groups: ['business-logic.confirm-owner'],
  }),
  timerFired: new Topic('timer.fired', '1.0', TimerFired, { producers: ['business-logic'], groups: [] }),
  conversationChanged: new Topic('conversation.changed', '1.0', ConversationChanged, {
    producers: ['business-logic'],
    groups: ['gateway.store-changes'],
  }),
  knowledgeChanged: new Topic('knowledge.changed', '1.0', KnowledgeChanged, {
    producers: ['knowledge-base'],
    groups: [],
    broadcastTo: ['knowledge-base'],
  }),
  intentsChanged: new Topic('intents.changed', '1.0', IntentsChanged, {
    producers: ['nlu'],
    groups: [],
    broadcastTo: [],
  }),
} as const;

/** All topics of the table. */
export const allTopics: readonly Topic[] = Object.values(Topics);

/** The topic with this name, or undefined. */
export function topicNamed(name: string): Topic | undefined {
  return allTopics.find((topic) => topic.name === name);
}
