import { describe, expect, it } from 'vitest';
import { Breakers } from './breaker.js';

const never = new AbortController().signal;

describe('Breaker', () => {
  it('stays open until the probe succeeds', async () => {
    let probes = 0;
    const breakers = new Breakers(
      { database: () => (++probes < 3 ? Promise.reject(new Error('away')) : Promise.resolve()) },
      { firstDelayMs: 1, maxDelayMs: 2 },
    );
    const breaker = breakers.of('database');
    breaker.trip(new Error('away'));
    expect(breakers.openOnes()).toEqual(['database']);
    await breaker.closed(never);
    expect(probes).toBe(3);
    expect(breaker.open).toBe(false);
  });

  it('opens once for many failures', async () => {
    let probes = 0;
    const breaker = new Breakers({ log: () => Promise.resolve(void probes++) }, { firstDelayMs: 1 }).of(
      'log',
    );
    for (let i = 0; i < 50; i++) breaker.trip(new Error('away'));
    await breaker.closed(never);
    expect(probes).toBe(1);
  });

  it('without a probe lets the next caller try after a pause', async () => {
    const breaker = new Breakers({}, { firstDelayMs: 1 }).of('model:x');
    breaker.trip(new Error('away'));
    await breaker.closed(never);
    expect(breaker.open).toBe(false);
  });

  it('stops waiting when the signal is aborted', async () => {
    const breaker = new Breakers({ log: () => new Promise(() => undefined) }, { firstDelayMs: 1 }).of('log');
    breaker.trip(new Error('away'));
    const abort = new AbortController();
    const waiting = breaker.closed(abort.signal);
    abort.abort(new Error('revoked'));
    await expect(waiting).rejects.toThrow('revoked');
  });

  it('passes at once when it is closed', async () => {
    await new Breakers({}).of('log').closed(never);
  });
});
