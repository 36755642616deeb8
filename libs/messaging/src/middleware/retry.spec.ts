import { describe, expect, it, vi } from 'vitest';
import { Breakers } from '../breaker.js';
import type { Delivery } from '../delivery.js';
import { DependencyUnavailable, TransientFailure } from '../failures.js';
import { retry } from './retry.js';

describe('retry', () => {
  const never = new AbortController().signal;

  /** Attempts of records by their id; `fail` decides over each. */
  const setUp = (fail: (id: string, attempt: number) => Error | undefined) => {
    let back!: () => void;
    const recovery = new Promise<void>((resolve) => (back = resolve));
    const breakers = new Breakers({ database: () => recovery }, { firstDelayMs: 1 });
    const attempts: string[] = [];
    const held: string[] = [];
    const handle = retry(breakers, { firstDelayMs: 5, maxDelayMs: 5 })((delivery) => {
      const { id } = delivery.event;
      attempts.push(id);
      const failure = fail(id, attempts.filter((each) => each === id).length);
      return failure ? Promise.reject(failure) : Promise.resolve([]);
    });
    const run = (id: string, group = 'nlu.understand-message'): Promise<unknown> =>
      handle({
        event: { id },
        handler: { options: { group, attempts: 3 } },
        signal: never,
        attempts: 0,
        holdConsumption: () => held.push(id),
      } as unknown as Delivery);
    return { run, back, attempts, held, breakers };
  };
  const away = new DependencyUnavailable('database', 'away');
  const quietly = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));

  it('begins no attempt of a handler whose dependency is known to be away', async () => {
    const { run, back, attempts, held } = setUp((id, attempt) =>
      id === 'first' && attempt === 1 ? away : undefined,
    );
    const first = run('first');
    await vi.waitFor(() => expect(held).toEqual(['first']));
    const second = run('second');
    await quietly();
    expect(attempts).toEqual(['first']);
    expect(held).toEqual(['first', 'second']);
    back();
    await Promise.all([first, second]);
    expect(attempts.toSorted()).toEqual(['first', 'first', 'second']);
  });

  it('does not let a record out of its back-off while the dependency is away', async () => {
    const { run, back, attempts, held } = setUp((id, attempt) => {
      if (attempt > 1) return undefined;
      return id === 'slow' ? new TransientFailure('not now') : away;
    });
    const slow = run('slow');
    const other = run('other');
    await vi.waitFor(() => expect(held).toContain('other'));
    await quietly();
    expect(attempts).toEqual(['slow', 'other']);
    back();
    await Promise.all([slow, other]);
  });

  it('lets handlers go on that never needed the dependency', async () => {
    const { run, back, attempts, held } = setUp((id, attempt) =>
      id === 'first' && attempt === 1 ? away : undefined,
    );
    const first = run('first');
    await vi.waitFor(() => expect(held).toEqual(['first']));
    await run('elsewhere', 'generation.compose-reply');
    expect(attempts).toEqual(['first', 'elsewhere']);
    back();
    await first;
  });
});
