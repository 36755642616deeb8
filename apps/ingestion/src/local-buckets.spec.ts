import { describe, expect, it } from 'vitest';
import { LocalBuckets } from './local-buckets.js';

const rate = { perSecond: 2, burst: 3 };

function buckets(most?: number): {
  take(...keys: string[]): number;
  later(ms: number): void;
  size(): number;
} {
  let now = 1_000_000;
  const local = new LocalBuckets(() => now, most);
  return {
    take: (...keys) => local.take(keys.map((key) => ({ key, ...rate }))),
    later: (ms) => void (now += ms),
    size: () => local.size,
  };
}

describe('LocalBuckets', () => {
  it('gives the burst at once, then says how long to wait', () => {
    const { take, later } = buckets();
    expect([take('a'), take('a'), take('a'), take('a')]).toEqual([0, 0, 0, 500]);
    later(500);
    expect([take('a'), take('a')]).toEqual([0, 500]);
  });

  it('never holds more than the burst', () => {
    const { take, later } = buckets();
    take('a');
    later(3_600_000);
    expect([take('a'), take('a'), take('a'), take('a')]).toEqual([0, 0, 0, 500]);
  });

  it('takes from all buckets or from none', () => {
    const { take } = buckets();
    for (let i = 0; i < 3; i++) take('tenant');
    expect(take('visitor', 'tenant')).toBe(500);
    expect([take('visitor'), take('visitor'), take('visitor'), take('visitor')]).toEqual([0, 0, 0, 500]);
  });

  it('forgets the least used when there are too many', () => {
    const { take, size } = buckets(2);
    for (let i = 0; i < 3; i++) take('a');
    take('b');
    take('c');
    expect(size()).toBe(2);
    expect(take('a')).toBe(0);
  });

  it('stands a clock that goes back', () => {
    const { take, later } = buckets();
    take('a');
    later(-60_000);
    expect([take('a'), take('a'), take('a')]).toEqual([0, 0, 500]);
  });
});
