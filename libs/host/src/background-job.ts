import type { Lifecycle } from './lifecycle.js';

export interface BackgroundJob {
  /** Milliseconds between the end of one run and the beginning of the next. */
  everyMs: number;
  /** Whether the first run comes with the start, or `everyMs` after it. @default false */
  atStart?: boolean;
  /** Looks at the signal between its steps: it is aborted when the process ends. */
  run(stopped: AbortSignal): Promise<void>;
  /** Told of a run that failed; the next one comes in its time. */
  onFailure(error: unknown): void;
}

/** Does a job again and again while the process runs, never twice at once; the end of the process waits for it. */
export function runRegularly(
  lifecycle: Lifecycle,
  { everyMs, atStart, run, onFailure }: BackgroundJob,
): void {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const once = (): void => {
    running = run(stopping.signal)
      .catch(onFailure)
      .then(() => schedule());
  };
  const schedule = (): void => {
    if (stopping.signal.aborted) return;
    timer = setTimeout(once, everyMs);
    timer.unref();
  };
  lifecycle.onReady(() => (atStart ? once() : schedule()));
  lifecycle.onDrain(async () => {
    stopping.abort();
    clearTimeout(timer);
    await running;
  });
}
