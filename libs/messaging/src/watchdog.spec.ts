import { afterEach, describe, expect, it } from 'vitest';
import { Breakers } from './breaker.js';
import type { GroupConsumer } from './group-consumer.js';
import { Watchdog } from './watchdog.js';

const consumerLike = (change: Partial<Record<keyof GroupConsumer, unknown>>): GroupConsumer =>
  ({
    handler: { options: { group: 'nlu.understand-message', timeoutMs: 10 } },
    lastProgressAt: 0,
    inFlight: 0,
    held: false,
    waitsForUpgrade: false,
    oldestAttemptMs: () => 0,
    lag: () => Promise.resolve(5),
    ...change,
  }) as unknown as GroupConsumer;

describe('Watchdog', () => {
  let watchdog: Watchdog | undefined;
  afterEach(() => watchdog?.stop());

  /** What it says within some checks, or undefined. */
  const verdictOn = async (
    consumer: GroupConsumer,
    breakers = new Breakers({}),
    stalledMs = 1,
  ): Promise<string | undefined> => {
    let verdict: string | undefined;
    watchdog = new Watchdog([consumer], breakers, (error) => (verdict = error.message), {
      stalledMs,
      overtimeMs: 5,
      checkEveryMs: 1,
    });
    for (let i = 0; i < 10 && !verdict; i++) await new Promise((resolve) => setTimeout(resolve, 2));
    return verdict;
  };

  it('ends a process whose consumer takes nothing although records wait', async () => {
    expect(await verdictOn(consumerLike({}))).toContain('has taken nothing for');
  });

  it('lets a record that comes after a long quiet time be taken', async () => {
    expect(await verdictOn(consumerLike({}), new Breakers({}), 60_000)).toBeUndefined();
  });

  it.each([
    ['nothing waited in between', () => Promise.resolve(0)],
    ['the log was away in between', () => Promise.reject(new Error('away'))],
  ])('counts the time anew when %s', async (_, interruption) => {
    let checks = 0;
    const flickering = consumerLike({
      lag: () => (++checks % 2 === 0 ? interruption() : Promise.resolve(5)),
    });
    expect(await verdictOn(flickering)).toBeUndefined();
  });

  it('ends a process with an attempt that ignores its time limit', async () => {
    const stuck = consumerLike({ oldestAttemptMs: () => 60_000, lastProgressAt: Date.now() });
    expect(await verdictOn(stuck)).toContain('ignores its time limit');
  });

  it.each([
    ['nothing waits', { lag: () => Promise.resolve(0) }],
    ['there was progress', { lastProgressAt: Number.MAX_SAFE_INTEGER }],
    ['records are being handled', { inFlight: 1 }],
    ['a breaker holds it back', { held: true }],
    ['it waits for an upgrade', { waitsForUpgrade: true }],
    ['the log cannot say', { lag: () => Promise.reject(new Error('away')) }],
  ])('leaves it alone while %s', async (_, state) => {
    expect(await verdictOn(consumerLike(state))).toBeUndefined();
  });

  it('counts the time anew when a record was taken in between', async () => {
    const moving = consumerLike({ lag: () => Promise.resolve((moving.lastProgressAt += 1)) });
    expect(await verdictOn(moving)).toBeUndefined();
  });

  it('leaves it alone while a dependency is away', async () => {
    const breakers = new Breakers({ database: () => new Promise(() => undefined) }, { firstDelayMs: 1_000 });
    breakers.of('database').trip(new Error('away'));
    expect(await verdictOn(consumerLike({}), breakers)).toBeUndefined();
  });
});
