import type { Decision, Intent, OwnerKind, PassagesRetrieved } from '@clawdesk/envelope';
import type { DecisionConfig } from './business-logic.config.js';
import { followUpKind } from './follow-up.js';
import { storable } from './storable-text.js';

/** What the conversation says about a turn that is to be decided. */
export interface Situation {
  owner: OwnerKind;
  /** Questions in a row, before this one, to which nothing was found. */
  nothingFound: number;
  /** The newest customer message, when it came after this one. */
  newer?: string;
  /** Texts of earlier messages that this one has overtaken before they were answered, oldest first. */
  joined: readonly string[];
  /** The last answered question of the conversation. */
  topic?: string;
}

export type Verdict =
  | { kind: 'stay-silent'; reason: 'with-person' | 'waiting-for-person' }
  | { kind: 'superseded'; by: string }
  | { kind: 'retrieve-again'; query: string; topic: string; reason: 'follow-up' | 'joined' }
  | {
      kind: 'say';
      decision: Extract<Decision, 'greet' | 'thank' | 'answer' | 'ask-back' | 'hand-off'>;
      reason: string;
    };

type Message = Pick<PassagesRetrieved, 'text' | 'intents' | 'passages' | 'attempt'>;

/** Names under which nlu reports what needs no article. */
export const smallTalk = { greeting: 'greeting', thanks: 'thanks', person: 'wants-person' } as const;

/** What to do about one turn. Pure: the same situation and message give the same verdict, on every redelivery. */
export function decide(situation: Situation, message: Message, config: DecisionConfig): Verdict {
  if (situation.owner === 'person') return { kind: 'stay-silent', reason: 'with-person' };
  if (situation.owner === 'waiting') return { kind: 'stay-silent', reason: 'waiting-for-person' };

  const intent = message.intents[0];
  // Before `superseded`: whoever asks for a person and then writes "hello?" must get one.
  if (means(intent, smallTalk.person, config.personConfidence)) return say('hand-off', 'wants-person');
  if (situation.newer) return { kind: 'superseded', by: situation.newer };

  const greets = means(intent, smallTalk.greeting, config.greetConfidence);
  const thanks = means(intent, smallTalk.thanks, config.thankConfidence);
  const waiting = situation.joined.length > 0;
  if (!waiting && greets) return say('greet', 'greeting');
  if (!waiting && thanks) return say('thank', 'thanks');

  const coverage = message.passages[0]?.coverage ?? 0;
  if (message.attempt === 1) {
    // "please?" after an overtaken question adds nothing to search for.
    const own = greets || thanks ? [] : [message.text];
    const followUp =
      situation.topic && own.length > 0 ? followUpKind(message.text, coverage, config.followUp) : undefined;
    const before = followUp ? [situation.topic!] : [];
    if (waiting || followUp) {
      const since = [...situation.joined, ...own];
      return {
        kind: 'retrieve-again',
        query: joinTexts([...before, ...since], config.queryCharacters),
        topic: joinTexts(topicAfter(before, since, waiting ? 'narrows' : followUp), config.topicCharacters),
        reason: waiting ? 'joined' : 'follow-up',
      };
    }
  }

  if (coverage >= config.answerCoverage) return say('answer', 'found');
  return situation.nothingFound + 1 >= config.nothingFoundLimit
    ? say('hand-off', 'nothing-found')
    : say('ask-back', 'nothing-found');
}

/** What the next follow-up goes on from: a subject that a follow-up brought up must not fall back to the one before. */
function topicAfter(
  before: readonly string[],
  since: readonly string[],
  followUp: ReturnType<typeof followUpKind>,
): readonly string[] {
  if (followUp === 'points-back') return before;
  return followUp === 'changes' ? since : [...before, ...since];
}

const say = (decision: Extract<Verdict, { kind: 'say' }>['decision'], reason: string): Verdict => ({
  kind: 'say',
  decision,
  reason,
});

const means = (intent: Intent | undefined, name: string, confidence: number): boolean =>
  intent?.name === name && intent.confidence >= confidence;

/** Joins texts into one of at most `limit` characters; each gets its share, so that the last is never crowded out. */
export function joinTexts(texts: readonly string[], limit: number): string {
  const share = Math.floor(limit / texts.length) - 1;
  // Storable after the cut, which may fall within a surrogate pair.
  return texts.map((text) => storable(text.slice(0, share))).join('\n');
}

/** Questions in a row without an answer, after this decision: small talk does not count. */
export function nothingFoundAfter(before: number, decision: Decision): number {
  if (decision === 'ask-back') return before + 1;
  return decision === 'answer' || decision === 'hand-off' ? 0 : before;
}
