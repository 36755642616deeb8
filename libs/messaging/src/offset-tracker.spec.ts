import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OffsetTracker } from './offset-tracker.js';

describe('OffsetTracker', () => {
  it('commits nothing before the first record', () => {
    expect(new OffsetTracker().position()).toBeUndefined();
  });

  it('holds the position at the lowest unfinished record', () => {
    const tracker = new OffsetTracker();
    for (const offset of [3, 4, 7]) tracker.start(offset);
    tracker.finish(4);
    expect(tracker.position()).toBe(3);
    tracker.finish(3);
    expect(tracker.position()).toBe(7);
    tracker.finish(7);
    expect(tracker.position()).toBe(8);
  });

  it('recognises what it has seen', () => {
    const tracker = new OffsetTracker();
    expect(tracker.start(5)).toBe(true);
    expect(tracker.start(5)).toBe(false);
    tracker.finish(5);
    expect(tracker.start(5)).toBe(false);
    expect(tracker.start(6)).toBe(true);
  });

  it('never commits past an unfinished record, whatever the order of finishing', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(5000), { minLength: 1, maxLength: 300 }),
        fc.infiniteStream(fc.nat()),
        (set, rolls) => {
          const offsets = [...set].sort((a, b) => a - b);
          const tracker = new OffsetTracker();
          for (const offset of offsets) tracker.start(offset);
          const open = [...offsets];
          for (const roll of rolls) {
            const expected = open.length > 0 ? Math.min(...open) : offsets.at(-1)! + 1;
            expect(tracker.position()).toBe(expected);
            expect(tracker.inFlight).toBe(open.length);
            if (open.length === 0) break;
            tracker.finish(open.splice(roll % open.length, 1)[0]!);
          }
        },
      ),
    );
  });
});
