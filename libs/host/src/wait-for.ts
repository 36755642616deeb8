import { setTimeout as pause } from 'node:timers/promises';
import { logger } from '@clawdesk/tracing';

const log = logger('host');

/**
 * Tries until it works, with growing pauses (0.5 s … 5 s), as long as the error is of the kind that waiting helps with.
 * `waiting` and the log are told once per different sentence. Rejects with the signal's reason when it is aborted.
 */
export async function waitFor<T>(
  attempt: () => Promise<T>,
  helps: (error: unknown) => boolean,
  waiting: (sentence: string) => void,
  signal?: AbortSignal,
): Promise<T> {
  let said: string | undefined;
  for (let delay = 500; ; delay = Math.min(5_000, delay * 2)) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (!helps(error)) throw error;
      const { message } = error as Error;
      if (message !== said) {
        waiting(message);
        log.warn({ reason: message }, 'Not there yet; trying again');
        log.debug({ err: error }, 'Why it is not there');
      }
      said = message;
      await pause(delay, undefined, { signal }).catch(() => undefined);
    }
  }
}
