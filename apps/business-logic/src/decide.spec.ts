import { describe, expect, it } from 'vitest';
import type { Intent, Passage, PassagesRetrieved } from '@clawdesk/envelope';
import { decisionConfig } from './business-logic.config.js';
import { decide, nothingFoundAfter, type Situation } from './decide.js';

const calm: Situation = { owner: 'bot', nothingFound: 0, joined: [] };
const passage = (coverage: number): Passage => ({
  id: 'p',
  article: 'a',
  version: 1,
  title: 'Returns',
  text: 'Returns are free.',
  language: 'en',
  score: 5,
  coverage,
});
const other: Intent = { name: 'other', confidence: 0.9 };

type Message = Pick<PassagesRetrieved, 'text' | 'intents' | 'passages' | 'attempt'>;
const message = (given: Partial<Message> & { coverage?: number } = {}): Message => ({
  text: 'How do I return an order?',
  intents: [other],
  passages: [passage(given.coverage ?? 0.9)],
  attempt: 1,
  ...given,
});
const verdict = (situation: Partial<Situation>, given: Parameters<typeof message>[0] = {}) =>
  decide({ ...calm, ...situation }, message(given), decisionConfig);

describe('decide', () => {
  it('answers what knowledge covers', () => {
    expect(verdict({})).toMatchObject({ kind: 'say', decision: 'answer' });
  });

  it('answers even where only a part of the question is covered', () => {
    expect(verdict({}, { coverage: decisionConfig.answerCoverage })).toMatchObject({ decision: 'answer' });
  });

  it.each([
    ['person', 'with-person'],
    ['waiting', 'waiting-for-person'],
  ] as const)('stays silent while the owner is %s, whatever the customer wants', (owner, reason) => {
    expect(verdict({ owner, newer: 'm2' }, { intents: [{ name: 'wants-person', confidence: 1 }] })).toEqual({
      kind: 'stay-silent',
      reason,
    });
  });

  it('hands off to a person who asks for one, even when they wrote again since', () => {
    expect(verdict({ newer: 'm2' }, { intents: [{ name: 'wants-person', confidence: 0.9 }] })).toEqual({
      kind: 'say',
      decision: 'hand-off',
      reason: 'wants-person',
    });
  });

  it('does not hand off on a doubtful guess', () => {
    expect(verdict({}, { intents: [{ name: 'wants-person', confidence: 0.3 }] })).toMatchObject({
      decision: 'answer',
    });
  });

  it('is superseded by a newer message', () => {
    expect(verdict({ newer: 'm2' })).toEqual({ kind: 'superseded', by: 'm2' });
  });

  it('greets and thanks without looking at articles', () => {
    expect(verdict({}, { intents: [{ name: 'greeting', confidence: 0.9 }] })).toMatchObject({
      decision: 'greet',
    });
    expect(verdict({}, { intents: [{ name: 'thanks', confidence: 0.9 }] })).toMatchObject({
      decision: 'thank',
    });
  });

  it('searches again together with the texts that it has overtaken', () => {
    expect(
      verdict({ joined: ['How do I delete my account?', 'the one on Facebook'] }, { text: 'and its photos' }),
    ).toEqual({
      kind: 'retrieve-again',
      reason: 'joined',
      query: 'How do I delete my account?\nthe one on Facebook\nand its photos',
      topic: 'How do I delete my account?\nthe one on Facebook\nand its photos',
    });
  });

  it('answers the overtaken question when the newer message is only "hello?"', () => {
    const hello = { text: 'hello?', intents: [{ name: 'greeting', confidence: 0.9 }] };
    expect(verdict({ joined: ['How do I return an order?'] }, hello)).toMatchObject({
      query: 'How do I return an order?',
    });
    expect(verdict({ joined: ['How do I return an order?'] }, { ...hello, attempt: 2 })).toMatchObject({
      decision: 'answer',
    });
  });

  it('searches a follow-up together with the answered question', () => {
    expect(
      verdict({ topic: 'How do I delete my account?' }, { text: 'and can I undo it?', coverage: 0.1 }),
    ).toEqual({
      kind: 'retrieve-again',
      reason: 'follow-up',
      query: 'How do I delete my account?\nand can I undo it?',
      topic: 'How do I delete my account?',
    });
  });

  it.each(['What about the warranty?', 'And the warranty?', '那退款呢？'])(
    'answers "%s" by itself where knowledge has that subject',
    (text) => {
      expect(verdict({ topic: 'How do I get a refund?' }, { text, coverage: 1 })).toMatchObject({
        decision: 'answer',
      });
    },
  );

  it('goes on from the subject that a follow-up brought up', () => {
    const topic = 'How do I get a refund?';
    const text = 'what about shipping to Japan?';
    expect(verdict({ topic }, { text, coverage: 0.4 })).toMatchObject({
      query: `${topic}\n${text}`,
      topic: text,
    });
    expect(verdict({ topic }, { text: 'And on my phone?', coverage: 1 })).toMatchObject({
      topic: `${topic}\nAnd on my phone?`,
    });
  });

  it('lets a new question stand by itself, even one with "it" in it', () => {
    expect(
      verdict({ topic: 'How do I delete my account?' }, { text: 'My parcel: where is it?', coverage: 0.8 }),
    ).toMatchObject({
      decision: 'answer',
    });
  });

  it('is not sent round a second time', () => {
    const again = { text: 'and that?', coverage: 0, attempt: 2 };
    expect(verdict({ topic: 'x', joined: ['y'] }, again)).toMatchObject({
      kind: 'say',
      decision: 'ask-back',
    });
  });

  it('asks back the first time that nothing is found, and brings in a person the second time', () => {
    expect(verdict({}, { coverage: 0.05 })).toMatchObject({ decision: 'ask-back', reason: 'nothing-found' });
    expect(verdict({}, { passages: [] })).toMatchObject({ decision: 'ask-back' });
    expect(verdict({ nothingFound: 1 }, { passages: [] })).toMatchObject({
      decision: 'hand-off',
      reason: 'nothing-found',
    });
  });

  it('does not take nonsense after an answer for a follow-up', () => {
    expect(
      verdict({ topic: 'How do I delete my account?' }, { text: 'asdf qwer', passages: [] }),
    ).toMatchObject({ decision: 'ask-back' });
  });

  it('keeps a query within its limit, without crowding out the newest text', () => {
    const outcome = verdict({ joined: ['x'.repeat(9_000), '😀'.repeat(4_000)] }, { text: 'the newest' });
    if (outcome.kind !== 'retrieve-again') throw new Error('expected a second retrieval');
    expect(outcome.query.length).toBeLessThanOrEqual(decisionConfig.queryCharacters);
    expect(outcome.query).toContain('the newest');
    expect(outcome.query.isWellFormed()).toBe(true);
  });
});

describe('nothingFoundAfter', () => {
  it('counts questions back, forgets them with an answer, and takes small talk for neither', () => {
    expect(nothingFoundAfter(0, 'ask-back')).toBe(1);
    expect(nothingFoundAfter(1, 'answer')).toBe(0);
    expect(nothingFoundAfter(1, 'thank')).toBe(1);
  });
});
