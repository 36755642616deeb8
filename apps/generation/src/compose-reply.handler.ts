import {
  replyId,
  Topics,
  type Envelope,
  type Outgoing,
  type ReplyComposed,
  type TurnDecided,
} from '@clawdesk/envelope';
import { Consumer, Handles, PermanentFailure } from '@clawdesk/messaging';
import { composeAnswer, consideredArticles, type Answer } from './compose-answer.js';
import { ungrounded } from './grounded.js';
import { phrasesFor, spokenLanguage } from './phrases/catalogue.js';
import { RepliesStore } from './replies.store.js';

/** Puts a decision into words, once: the same turn decided again gets the words it had. */
@Consumer()
export class ComposeReply {
  constructor(private readonly replies: RepliesStore) {}

  @Handles(Topics.turnDecided, { group: 'generation.compose-reply', kind: 'stateless' })
  async compose(decided: TurnDecided, event: Envelope<TurnDecided>): Promise<Outgoing[]> {
    const reply = await this.replies.keep(event.tenant, decided.turn, replyTo(decided));
    return [Topics.replyComposed.message(reply)];
  }
}

function replyTo(decided: TurnDecided): ReplyComposed {
  const { conversation, turn, channel, account, thread, contactPoint, decision, fence } = decided;
  const { text, citations } = wordsFor(decided);
  return {
    reply: replyId(turn, decision),
    conversation,
    turn,
    channel,
    account,
    thread,
    contactPoint,
    author: { kind: 'bot', id: 'clawdesk' },
    purpose: decision,
    language: spokenLanguage(decided.language),
    text,
    citations,
    considered: consideredArticles(decided.passages),
    fence,
  };
}

function wordsFor(decided: TurnDecided): Pick<Answer, 'text' | 'citations'> {
  const phrases = phrasesFor(decided.language);
  switch (decided.decision) {
    case 'greet':
      return { text: phrases.greet, citations: [] };
    case 'thank':
      return { text: phrases.thank, citations: [] };
    case 'ask-back':
      return { text: phrases.askBack, citations: [] };
    case 'hand-off':
      return {
        text: decided.reason === 'wants-person' ? phrases.handOffWanted : phrases.handOffNothingFound,
        citations: [],
      };
    case 'answer':
      return groundedAnswer(decided);
    case 'stay-silent':
    case 'superseded':
      throw new PermanentFailure(
        `Turn ${decided.turn}: the decision '${decided.decision}' has no words and must not be sent to generation.`,
      );
  }
}

/** Nothing that is not in its source leaves here: the turn goes to a person instead. */
function groundedAnswer(decided: TurnDecided): Answer {
  const answer = composeAnswer(decided);
  if (!answer)
    throw new PermanentFailure(`Turn ${decided.turn}: an answer was decided, but its passages hold no text.`);
  const problems = ungrounded(answer, decided.passages);
  if (problems.length > 0)
    throw new PermanentFailure(`Turn ${decided.turn}: the answer is not grounded: ${problems.join('; ')}.`);
  return answer;
}
