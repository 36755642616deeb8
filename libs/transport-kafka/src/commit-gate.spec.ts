import { describe, expect, it } from 'vitest';
import { CommitGate } from './commit-gate.js';

describe('CommitGate', () => {
  it('sends the first position at once and lets later ones go together', async () => {
    const sent: Record<number, number>[] = [];
    const gate = new CommitGate((offsets) => {
      sent.push(Object.fromEntries(offsets));
      return Promise.resolve();
    }, 20);
    await gate.add(new Map([[0, 1]]));
    await Promise.all([
      gate.add(new Map([[0, 2]])),
      gate.add(new Map([[1, 5]])),
      gate.add(new Map([[0, 3]])),
    ]);
    expect(sent).toEqual([{ 0: 1 }, { 0: 3, 1: 5 }]);
  });

  it('tells every caller how the sending ended that carried its positions', async () => {
    const gate = new CommitGate(() => Promise.reject(new Error('stale')), 1);
    const results = await Promise.allSettled([gate.add(new Map([[0, 1]])), gate.add(new Map([[1, 1]]))]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('does not send what is discarded, and tells why', async () => {
    const sent: number[] = [];
    const gate = new CommitGate((offsets) => Promise.resolve(void sent.push(offsets.get(0)!)), 60_000);
    await gate.add(new Map([[0, 1]]));
    const waiting = gate.add(new Map([[0, 2]]));
    gate.discard(new Error('rebalance'));
    await expect(waiting).rejects.toThrow('rebalance');
    void gate.add(new Map([[0, 7]]));
    await gate.flush();
    expect(sent).toEqual([1, 7]);
  });

  it('flush sends at once what waits', async () => {
    const sent: number[] = [];
    const gate = new CommitGate((offsets) => Promise.resolve(void sent.push(offsets.get(0)!)), 60_000);
    await gate.add(new Map([[0, 1]]));
    const waiting = gate.add(new Map([[0, 2]]));
    await gate.flush();
    await waiting;
    expect(sent).toEqual([1, 2]);
  });
});
