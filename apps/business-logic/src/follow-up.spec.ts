import { describe, expect, it } from 'vitest';
import { followUpKind, pointsBack } from './follow-up.js';

describe('pointsBack', () => {
  it.each([
    'how long does it take?',
    'And how long does that take?',
    'can I undo that',
    'Does this cost anything?',
    'why?',
    'and why not?',
    'And how long?',
    '它要多久？',
    '那要多久？',
    '为什么？',
  ])('takes "%s" for something that goes on', (text) => expect(pointsBack(text)).toBe(true));

  it.each([
    'How do I delete my Facebook account?',
    'My parcel: where is it?',
    'Is it possible to pay by invoice?',
    'Why was my payment declined?',
    'Are there any discounts?',
    'What about the warranty?',
    '如何删除我的账号？',
    '那退款呢？',
    'Android phones',
  ])('takes "%s" for something that names its subject', (text) => expect(pointsBack(text)).toBe(false));
});

describe('followUpKind', () => {
  const limits = { weakCoverage: 0.35, openingCoverage: 0.6 };
  const kind = (text: string, coverage: number) => followUpKind(text, coverage, limits);

  it('points back though common words are covered by any article', () => {
    expect(kind('how long does it take?', 1)).toBe('points-back');
  });
  it.each(['And on my phone?', 'and in Germany', '那手机上呢？', '那在国外可以吗'])(
    'only narrows down with "%s", though there is an article about that',
    (text) => expect(kind(text, 1)).toBe('narrows'),
  );
  it.each([
    'What about the warranty?',
    'And the warranty?',
    '那退款呢？',
    '退款呢？',
    'and how do I change the colour of a label in the mail',
  ])('is none with "%s" when knowledge covers that by itself', (text) => {
    expect(kind(text, 1)).toBeUndefined();
  });
  it('changes the subject when knowledge has it, but not all that is said about it', () => {
    expect(kind('what about shipping to Japan?', 0.4)).toBe('changes');
  });
  it('narrows down when it is weakly covered, whatever it opens with', () => {
    expect(kind('what about Outlook?', 0)).toBe('narrows');
    expect(kind('on an iPhone', 0.2)).toBe('narrows');
  });
  it('is something unknown when it is not covered at all and opens like any other', () => {
    expect(kind('asdf qwer', 0)).toBeUndefined();
  });
});
