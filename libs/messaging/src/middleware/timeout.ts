import type { Middleware } from '../delivery.js';
import { TransientFailure } from '../failures.js';

/** Gives one attempt `timeoutMs`, then aborts its signal and fails it as transient. */
export const timeout = (): Middleware => (next) => async (delivery) => {
  const { timeoutMs, group } = delivery.handler.options;
  const outer = delivery.signal;
  // Revoked while it waited for its turn: an aborted signal tells a listener nothing any more.
  outer.throwIfAborted();
  const attempt = new AbortController();
  let giveUp!: (error: unknown) => void;
  const given = new Promise<never>((_, reject) => (giveUp = reject));
  const timer = setTimeout(() => {
    const failure = new TransientFailure(`${group} took longer than ${timeoutMs} ms`);
    attempt.abort(failure);
    giveUp(failure);
  }, timeoutMs);
  const onRevoked = (): void => {
    attempt.abort(outer.reason);
    giveUp(outer.reason);
  };
  outer.addEventListener('abort', onRevoked, { once: true });
  try {
    delivery.signal = attempt.signal;
    return await Promise.race([next(delivery), given]);
  } finally {
    delivery.signal = outer;
    clearTimeout(timer);
    outer.removeEventListener('abort', onRevoked);
  }
};
