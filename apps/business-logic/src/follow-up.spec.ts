import { describe, expect, it } from 'vitest';
import { isFollowUp, pointsBack } from './follow-up.js';

describe('pointsBack', () => {
  it.each([
    'what about Outlook?',
    'And on my phone?',
    'how long does it take?',
    'can I undo that',
    'Does this cost anything?',
    'why?',
    '那手机上呢？',
    '它要多久？',
    '为什么？',
  ])('takes "%s" for something that goes on', (text) => expect(pointsBack(text)).toBe(true));

  it.each([
    'How do I delete my Facebook account?',
    'My parcel: where is it?',
    'Is it possible to pay by invoice?',
    'Why was my payment declined?',
    'Are there any discounts?',
    '如何删除我的账号？',
    'Android phones',
  ])('takes "%s" for something of its own', (text) => expect(pointsBack(text)).toBe(false));
});

describe('isFollowUp', () => {
  const limits = { weakCoverage: 0.35, openingCoverage: 0.6 };
  it('is one when it points back, though common words are covered by any article', () => {
    expect(isFollowUp('how long does it take?', 1, limits)).toBe(true);
  });
  it('is none when knowledge covers it by itself', () => {
    expect(isFollowUp('and how do I change the colour of a label in the mail', 0.9, limits)).toBe(false);
  });
  it('is one when it is weakly covered, though it does not point back', () => {
    expect(isFollowUp('on an iPhone', 0.2, limits)).toBe(true);
  });
  it('is something unknown when it is not covered at all and does not point back', () => {
    expect(isFollowUp('asdf qwer', 0, limits)).toBe(false);
  });
});
