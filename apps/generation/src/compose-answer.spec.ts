import { describe, expect, it } from 'vitest';
import type { Passage } from '@clawdesk/envelope';
import { composeAnswer } from './compose-answer.js';
import { grounded, ungrounded } from './grounded.js';

const passage = (given: Partial<Passage>): Passage => ({
  id: 'p1',
  article: 'returns',
  version: 3,
  title: 'Returning an order',
  text: 'You can return an order within 30 days. Refunds take five working days. Shipping costs are not refunded.',
  language: 'en',
  score: 10,
  coverage: 0.9,
  ...given,
});

const answerTo = (question: string, passages: Passage[], language = 'en') =>
  composeAnswer({ question, language, passages })!;

describe('composeAnswer', () => {
  it('quotes the source under a lead-in, with its citation at the end of the paragraph', () => {
    const answer = answerTo('How long do refunds take?', [passage({})]);
    expect(answer.text).toContain('Here is what I found in “Returning an order”:');
    expect(answer.text).toMatch(/Refunds take five working days\..*\[1\]$/s);
    expect(answer.citations).toEqual([
      { number: 1, article: 'returns', version: 3, title: 'Returning an order' },
    ]);
    expect(grounded(answer, [passage({})])).toBe(true);
  });

  it('cites the article of the first passage first, even when another passage shares more words', () => {
    const passages = [
      passage({ text: 'Orders can be sent back.' }),
      passage({
        id: 'p2',
        article: 'refunds',
        text: 'How long refunds take: five days.',
        score: 9.9,
        coverage: 1,
      }),
    ];
    const answer = answerTo('How long do refunds take?', passages);
    expect(answer.citations.map(({ number, article }) => [number, article])).toEqual([
      [1, 'returns'],
      [2, 'refunds'],
    ]);
    expect(ungrounded(answer, passages)).toEqual([]);
  });

  it('leaves out a second article that is clearly further away', () => {
    const answer = answerTo('refunds', [
      passage({}),
      passage({ id: 'p2', article: 'b', text: 'Refunds.', score: 4 }),
    ]);
    expect(answer.citations).toHaveLength(1);
  });

  it('quotes what two articles say alike once', () => {
    const answer = answerTo('How long do refunds take?', [
      passage({}),
      passage({ id: 'p2', article: 'copy', title: 'A copy' }),
    ]);
    expect(answer.text.match(/five working days/g)).toHaveLength(1);
    expect(answer.citations).toHaveLength(1);
  });

  it('keeps steps together', () => {
    const steps = '1. Open your orders.\n2. Choose Return.\n3. Print the label.';
    const answer = answerTo('how do I print the label', [
      passage({ text: `Some words before.\n\n${steps}\n\nAnd after.` }),
    ]);
    expect(answer.text).toContain(steps);
  });

  it('keeps the rows of a table on lines of their own', () => {
    const table = 'Country   Days   Price\nFrance    3      4.90\nJapan     9      19.90';
    const passages = [passage({ text: `Shipping costs depend on the country.\n\n${table}` })];
    const answer = answerTo('what does shipping to Japan cost', passages);
    expect(answer.text).toContain(`${table} [1]`);
    expect(ungrounded(answer, passages)).toEqual([]);
  });

  it.each([
    'On the phone\n\nCall us',
    'On the phone\nCall us',
    'How to reach us?\n\nOn the phone\n\nCall us',
  ])('quotes the heading with what stands under it, as one claim: %j', (start) => {
    const passages = [
      passage({ text: `We are glad to help.\n\n${start} from nine to five.\n\nThe call is free.` }),
    ];
    const answer = answerTo('can I call on the phone', passages);
    expect(answer.text).toContain(`${start.replaceAll('\n\n', '\n')} from nine to five. [1]`);
    expect(answer.text).not.toMatch(/On the phone ?\[1\]/);
    expect(ungrounded(answer, passages)).toEqual([]);
  });

  it('keeps a heading with the steps under it', () => {
    const passages = [passage({ text: 'Printing the label\n\n1. Open your orders.\n2. Choose Print.' })];
    expect(answerTo('print the label', passages).text).toContain(
      'Printing the label\n1. Open your orders.\n2. Choose Print. [1]',
    );
  });

  it('joins lines that were only broken for width', () => {
    const passages = [passage({ text: 'You can return an order\nwithin 30 days.' })];
    expect(answerTo('return an order', passages).text).toContain('return an order within 30 days. [1]');
  });

  it('keeps fenced code whole, with the citation after it', () => {
    const code = '```\nshop return\n\nshop label --print\n```';
    const passages = [passage({ text: code })];
    const answer = answerTo('print label', passages);
    expect(answer.text).toContain(`${code}\n[1]`);
    expect(ungrounded(answer, passages)).toEqual([]);
  });

  it('chooses the part of a long article that the question is about, and ends it at the end of a sentence', () => {
    const filler = Array.from(
      { length: 20 },
      (_, n) => `Paragraph ${n} talks about something else entirely.`,
    ).join(' ');
    const passages = [
      passage({ text: filler }),
      passage({ id: 'p2', text: `${filler} A gift card never expires. ${filler}` }),
    ];
    const answer = answerTo('Does a gift card expire?', passages);
    expect(answer.text).toContain('A gift card never expires.');
    expect(answer.text).toMatch(/\. \[1\]$/);
    expect(answer.text.length).toBeLessThan(800);
    expect(ungrounded(answer, passages)).toEqual([]);
  });

  it('cuts a single sentence that is too long at a word', () => {
    const passages = [passage({ text: 'refund '.repeat(170).trim() })];
    const answer = answerTo('refund', passages);
    expect(answer.text).toMatch(/refund… \[1\]$/);
    expect(ungrounded(answer, passages)).toEqual([]);
  });

  it('does not let a marker in the article read as a citation', () => {
    const passages = [passage({ title: 'Refunds [2]', text: 'Refunds take five days [7].' })];
    const answer = answerTo('refunds', passages);
    expect([...answer.text.matchAll(/\[\d+\]/g)].map(String)).toEqual(['[1]']);
    expect(ungrounded(answer, passages)).toEqual([]);
  });

  it('says in the customer’s language that the article is in another one', () => {
    expect(answerTo('退款要多久', [passage({})], 'zh').text).toContain('（原文为英语）');
    expect(answerTo('refund', [passage({ language: 'zh', text: '退款需要五天。' })]).text).toContain(
      'written in Chinese',
    );
  });

  it('answers a Chinese question from a Chinese article', () => {
    const text = '我们支持七天无理由退货。退款会在五个工作日内到账。运费不予退还。';
    const passages = [passage({ title: '退货说明', language: 'zh', text })];
    const answer = answerTo('退款多久到账？', passages, 'zh-CN');
    expect(answer.text).toContain('我在《退货说明》中找到了以下内容：');
    expect(answer.text).toContain('退款会在五个工作日内到账。');
    expect(ungrounded(answer, passages)).toEqual([]);
  });

  it('has nothing to say when the passages hold no text', () => {
    expect(composeAnswer({ question: 'x', language: 'en', passages: [] })).toBeUndefined();
    expect(
      composeAnswer({ question: 'x', language: 'en', passages: [passage({ text: '  ' })] }),
    ).toBeUndefined();
  });
});

describe('ungrounded', () => {
  const leadIn = 'Found:';
  const answer = (text: string) => ({
    text: `${leadIn}\n\n${text}`,
    citations: answerTo('x', [passage({})]).citations,
    leadIns: [leadIn],
  });

  it('names a claim that does not stand in its source', () => {
    expect(ungrounded(answer('Refunds take one day. [1]'), [passage({})])).toEqual([
      'a claim does not stand in its source [1]',
    ]);
  });
  it('names a claim without a citation', () => {
    expect(ungrounded(answer('Refunds take five working days. [1] And a voucher.'), [passage({})])).toEqual([
      'a claim has no citation',
    ]);
  });
  it('names a citation that leads nowhere', () => {
    expect(ungrounded(answer('Refunds take five working days. [2]'), [passage({})])).toContain(
      '[2] is no citation',
    );
  });
  it('does not take another version of the article for the source', () => {
    expect(ungrounded(answer('Refunds take five working days. [1]'), [passage({ version: 4 })])).toHaveLength(
      1,
    );
  });
});
