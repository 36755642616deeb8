import { describe, expect, it } from 'vitest';
import { AccountPace } from './account-pace.js';

const pauses = { breakAfter: 3, firstPauseMs: 100, longestPauseMs: 300 };

function paced(): { pace: AccountPace; later(ms: number): void } {
  let now = 1_000_000;
  const pace = new AccountPace({ perSecond: 10, burst: 2 }, pauses, () => now);
  return { pace, later: (ms) => void (now += ms) };
}

describe('AccountPace', () => {
  it('sends at its rate', () => {
    const { pace, later } = paced();
    expect(pace.available()).toBe(2);
    pace.take(2);
    expect([pace.available(), pace.waitMs()]).toEqual([0, 100]);
    later(100);
    expect(pace.available()).toBe(1);
  });

  it('waits as long as the provider asks', () => {
    const { pace, later } = paced();
    pace.pause(5_000);
    expect([pace.available(), pace.waitMs()]).toEqual([0, 5_000]);
    later(5_000);
    expect(pace.available()).toBe(2);
  });

  it('pauses after failures in a row, longer each time, and lets one attempt tell', () => {
    const { pace, later } = paced();
    expect([pace.failed(), pace.failed(), pace.failed()]).toEqual([false, false, true]);
    for (const wait of [100, 200, 300, 300]) {
      expect([pace.available(), pace.waitMs()]).toEqual([0, wait]);
      later(wait);
      expect(pace.available()).toBe(1);
      expect(pace.failed()).toBe(true);
    }
    later(300);
    pace.succeeded();
    expect(pace.available()).toBe(2);
  });

  it('does not count failures that others came between', () => {
    const { pace } = paced();
    for (let i = 0; i < 5; i++) {
      expect(pace.failed()).toBe(false);
      pace.succeeded();
    }
  });
});
