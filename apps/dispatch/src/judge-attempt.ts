import type { ChannelCapabilities, SendResult } from '@clawdesk/channels';
import type { Settlement } from './delivery.js';
import type { SenderConfig } from './dispatch.config.js';

/** What follows from an attempt: the outcome for good, or another attempt later. */
export type Verdict = { settle: Settlement } | { againMs: number; detail: string | undefined };

const longestDetail = 500;

/**
 * A reply is sent at most once: only what was certainly not sent is tried again, or what the channel recognises when it comes again.
 * @param attempts made so far, this one included
 */
export function judgeAttempt(
  result: SendResult,
  attempts: number,
  { whenUnknown }: Pick<ChannelCapabilities, 'whenUnknown'>,
  config: Pick<SenderConfig, 'attempts' | 'firstPauseMs' | 'longestPauseMs'>,
): Verdict {
  const detail = result.detail?.slice(0, longestDetail);
  const settle = (outcome: Settlement['outcome'], why = detail): Verdict => ({
    settle: {
      outcome,
      ...(result.providerId !== undefined && { providerId: result.providerId }),
      ...(why !== undefined && { detail: why }),
    },
  });
  if (result.outcome === 'sent') return settle('sent');
  const again = result.outcome === 'failed' ? result.retryAfterMs !== undefined : whenUnknown === 'repeat';
  if (!again) return settle(result.outcome);
  if (attempts >= config.attempts) {
    return settle(
      result.outcome,
      `Given up after ${attempts} attempts. ${detail ?? ''}`.trim().slice(0, longestDetail),
    );
  }
  const backOff = Math.min(config.longestPauseMs, config.firstPauseMs * 2 ** (attempts - 1));
  return { againMs: Math.max(result.retryAfterMs ?? 0, backOff), detail };
}
