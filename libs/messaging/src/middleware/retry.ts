import { NewerSchemaError, UndecodableRecordError } from '@clawdesk/envelope';
import { counter, logger } from '@clawdesk/tracing';
import { DatabaseUnavailableError } from '@clawdesk/database';
import { waitUntilClosed, type Breaker, type Breakers } from '../breaker.js';
import type { Delivery, Middleware } from '../delivery.js';
import { DependencyUnavailable, PermanentFailure, TransientFailure } from '../failures.js';
import { RevokedError } from '../revoked.js';

const log = logger('messaging');
const retries = counter('clawdesk_record_retries_total', 'Attempts that failed and are tried again', [
  'group',
]);

export interface RetryTiming {
  /** Milliseconds before the second attempt; doubles with each. @default 100 */
  firstDelayMs?: number;
  /** @default 10000 */
  maxDelayMs?: number;
}

/**
 * Tries again what may succeed: in place, with growing pauses, so that only the record's own key waits.
 * An unknown error counts as transient, a permanent one passes at once. A dependency that is away opens its
 * breaker and uses up no attempt; a handler that once was without it begins none while the breaker is open.
 */
export const retry =
  (breakers: Breakers, timing: RetryTiming = {}): Middleware =>
  (next) => {
    // By consumer group, so that a handler is not held up by what it never calls.
    const needed = new Map<string, Set<Breaker>>();
    return async (delivery) => {
      const { attempts, group } = delivery.handler.options;
      for (;;) {
        for (const breaker of needed.get(group) ?? []) await waitUntilClosed(breaker, delivery);
        throwIfRevoked(delivery);
        try {
          delivery.attempts += 1;
          delivery.attemptStartedAt = Date.now();
          const outputs = await next(delivery);
          return outputs;
        } catch (error) {
          throwIfRevoked(delivery);
          if (isPermanent(error)) throw error;
          delivery.attemptStartedAt = undefined;
          const dependency = dependencyOf(error);
          if (dependency !== undefined) {
            delivery.attempts -= 1;
            const breaker = breakers.of(dependency);
            breaker.trip(error as Error);
            needed.set(group, (needed.get(group) ?? new Set()).add(breaker));
            continue;
          }
          if (delivery.attempts >= attempts) throw error;
          retries.inc({ group });
          log.warn(
            { err: error, group, event: delivery.event.id, attempt: delivery.attempts },
            'Attempt failed; trying again',
          );
          await pause(delayOf(error, delivery.attempts, timing), delivery.signal);
        }
      }
    };
  };

function throwIfRevoked({ signal }: Delivery): void {
  if (signal.aborted)
    throw signal.reason instanceof RevokedError ? signal.reason : new RevokedError(String(signal.reason));
}

const isPermanent = (error: unknown): boolean =>
  error instanceof PermanentFailure ||
  error instanceof UndecodableRecordError ||
  error instanceof NewerSchemaError ||
  error instanceof RevokedError;

function dependencyOf(error: unknown): string | undefined {
  if (error instanceof DependencyUnavailable) return error.dependency;
  return error instanceof DatabaseUnavailableError ? 'database' : undefined;
}

function delayOf(error: unknown, attempt: number, timing: RetryTiming): number {
  if (error instanceof TransientFailure && error.retryAfterMs !== undefined) return error.retryAfterMs;
  return delayBefore(attempt + 1, timing);
}

/** Milliseconds before this attempt, the second or a later one; no two records wait equally long. */
export function delayBefore(
  attempt: number,
  { firstDelayMs = 100, maxDelayMs = 10_000 }: RetryTiming,
): number {
  return Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 2)) * (0.75 + Math.random() / 2);
}

/** Ends early when the signal is aborted. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
