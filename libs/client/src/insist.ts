import { setTimeout as pause } from 'node:timers/promises';
import { ProblemError, UnreachableError } from './errors.js';

export interface Patience {
  /** How long to go on trying. */
  patienceMs: number;
  signal?: AbortSignal;
  /** Called before each repetition, e.g. to say that the server asks to wait. */
  onRepeat?: (error: Error, waitMs: number) => void;
}

const isPassing = (error: unknown): error is Error =>
  error instanceof UnreachableError || (error instanceof ProblemError && error.passing);

/**
 * Repeats what fails for a passing reason (no connection, 429, 503), waiting as the server asks or twice as long each
 * time, until patience ends; then throws the last reason. Only for what may be repeated without a second effect.
 */
export async function insist<T>(
  attempt: () => Promise<T>,
  { patienceMs, signal, onRepeat }: Patience,
): Promise<T> {
  const end = performance.now() + patienceMs;
  for (let backOff = 100; ; backOff = Math.min(backOff * 2, 2_000)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isPassing(error)) throw error;
      const asked = error instanceof ProblemError ? error.retryAfterMs : undefined;
      // Spread, so that many clients that were refused together do not come back together.
      const wait = (asked ?? backOff) * (1 + Math.random() * 0.3);
      if (performance.now() + wait > end) throw error;
      onRepeat?.(error, wait);
      await pause(wait, undefined, signal ? { signal } : {});
    }
  }
}
