import { describe, expect, it } from 'vitest';
import { judgeAttempt } from './judge-attempt.js';

const config = { attempts: 3, firstPauseMs: 100, longestPauseMs: 1_000 };
const leave = { whenUnknown: 'leave' } as const;
const repeat = { whenUnknown: 'repeat' } as const;

describe('judgeAttempt', () => {
  it('settles what was sent', () => {
    expect(judgeAttempt({ outcome: 'sent', providerId: 'p' }, 1, leave, config)).toEqual({
      settle: { outcome: 'sent', providerId: 'p' },
    });
  });

  it('settles a refusal for good', () => {
    expect(judgeAttempt({ outcome: 'failed', detail: 'blocked' }, 1, leave, config)).toEqual({
      settle: { outcome: 'failed', detail: 'blocked' },
    });
  });

  it('never sends again what may have been sent', () => {
    expect(judgeAttempt({ outcome: 'unknown' }, 1, leave, config)).toEqual({
      settle: { outcome: 'unknown' },
    });
  });

  it('sends again what the channel recognises, at last leaving it unknown', () => {
    expect(judgeAttempt({ outcome: 'unknown' }, 1, repeat, config)).toMatchObject({ againMs: 100 });
    expect(judgeAttempt({ outcome: 'unknown' }, 3, repeat, config)).toMatchObject({
      settle: { outcome: 'unknown' },
    });
  });

  it('tries again what was certainly not sent, as late as asked, each time later, not for ever', () => {
    const failed = (retryAfterMs: number, attempts: number) =>
      judgeAttempt({ outcome: 'failed', retryAfterMs, detail: 'HTTP 429' }, attempts, leave, config);
    expect(failed(700, 1)).toEqual({ againMs: 700, detail: 'HTTP 429' });
    expect(failed(0, 2)).toEqual({ againMs: 200, detail: 'HTTP 429' });
    expect(failed(0, 3)).toEqual({
      settle: { outcome: 'failed', detail: 'Given up after 3 attempts. HTTP 429' },
    });
  });
});
