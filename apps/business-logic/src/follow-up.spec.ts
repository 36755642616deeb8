import { describe, expect, it } from 'vitest';
import { isFollowUp, pointsBack } from './follow-up.js';

describe('pointsBack', () => {
  it.each([
    'what about Outlook?',
    'And on my phone?',
    'how long does it take?',
    'can I undo that',
    'why?',
    '那手机上呢？',
    '它要多久？',
    '还有别的办法吗',
  ])('takes %s for something that goes on', (text) => expect(pointsBack(text)).toBe(true));
  it.each([
    'How do I delete my Facebook account?',
    '如何删除我的账号？',
    'Android phones',
    'Where can I download an invoice',
  ])('takes %s for something of its own', (text) => expect(pointsBack(text)).toBe(false));
});

describe('isFollowUp', () => {
  it('is no follow-up when knowledge covers it by itself', () => {
    expect(isFollowUp('and how do I change its colour', 0.9, 0.5)).toBe(false);
  });
  it('is one when it is weakly covered, though it does not point back', () => {
    expect(isFollowUp('on an iPhone', 0.2, 0.5)).toBe(true);
  });
  it('is something unknown when it is not covered at all and does not point back', () => {
    expect(isFollowUp('asdf qwer', 0, 0.5)).toBe(false);
  });
});
