import { describe, expect, it } from 'vitest';
import { sentimentOf } from './sentiment.js';

describe('sentimentOf', () => {
  it.each(['This is great, thank you!', 'I love it', '非常满意,谢谢', '很好'])(
    'hears that %j is positive',
    (text) => {
      expect(sentimentOf(text)).toBeGreaterThan(0.3);
    },
  );

  it.each([
    'This is terrible and useless',
    'I am very angry, my parcel is lost',
    'this is not good',
    '太差了,我要投诉',
    '不满意',
    '我很生气',
  ])('hears that %j is negative', (text) => {
    expect(sentimentOf(text)).toBeLessThan(-0.3);
  });

  it('is 0 when no word tells', () => {
    expect(sentimentOf('How do I reset my password?')).toBe(0);
    expect(sentimentOf('怎么重置密码')).toBe(0);
    expect(sentimentOf('')).toBe(0);
  });

  it('stays between -1 and 1', () => {
    for (const text of ['terrible!! '.repeat(1000), 'great!! '.repeat(1000), '不满意'.repeat(1000)]) {
      expect(Math.abs(sentimentOf(text))).toBeLessThanOrEqual(1);
    }
  });
});
