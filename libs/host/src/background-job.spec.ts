import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runRegularly } from './background-job.js';
import { ProcessLifecycle } from './process-lifecycle.js';

describe('runRegularly', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('goes on after a failure, and never runs twice at once', async () => {
    const lifecycle = new ProcessLifecycle();
    const failures: unknown[] = [];
    let runs = 0;
    let finish: (() => void) | undefined;
    runRegularly(lifecycle, {
      everyMs: 1_000,
      run: () => {
        runs += 1;
        if (runs === 1) return Promise.reject(new Error('first'));
        return new Promise((resolve) => (finish = resolve));
      },
      onFailure: (error) => failures.push(error),
    });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(runs).toBe(0);
    await lifecycle.ready();
    await vi.advanceTimersByTimeAsync(1_000);
    expect([runs, failures]).toEqual([1, [new Error('first')]]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(runs).toBe(2);
    finish!();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(runs).toBe(3);
  });

  it('tells a run that the process ends, and is waited for', async () => {
    const lifecycle = new ProcessLifecycle();
    const steps: string[] = [];
    runRegularly(lifecycle, {
      everyMs: 1_000,
      atStart: true,
      run: (stopped) =>
        new Promise((resolve) =>
          stopped.addEventListener('abort', () => {
            steps.push('told');
            setTimeout(resolve, 500);
          }),
        ),
      onFailure: () => undefined,
    });
    await lifecycle.ready();
    const drained = lifecycle.drain().then(() => steps.push('drained'));
    await vi.advanceTimersByTimeAsync(400);
    expect(steps).toEqual(['told']);
    await vi.advanceTimersByTimeAsync(100);
    await drained;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(steps).toEqual(['told', 'drained']);
  });
});
