import { describe, expect, it } from 'vitest';
import { KeyLanes } from './key-lanes.js';

const gate = (): { opened: Promise<void>; open: () => void } => {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
};
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('KeyLanes', () => {
  it('runs the tasks of one key one after the other, in order', async () => {
    const lanes = new KeyLanes(8);
    const log: string[] = [];
    const first = gate();
    lanes.submit('a', async () => {
      log.push('first starts');
      await first.opened;
      log.push('first ends');
    });
    lanes.submit('a', async () => void log.push('second'));
    await settle();
    expect(log).toEqual(['first starts']);
    first.open();
    await settle();
    expect(log).toEqual(['first starts', 'first ends', 'second']);
  });

  it('lets a slow key keep no other key waiting', async () => {
    const lanes = new KeyLanes(2);
    const done: string[] = [];
    const slow = gate();
    lanes.submit('slow', () => slow.opened);
    for (let i = 0; i < 5; i++) lanes.submit(`k${i}`, async () => void done.push(`k${i}`));
    await settle();
    expect(done).toEqual(['k0', 'k1', 'k2', 'k3', 'k4']);
    slow.open();
  });

  it('runs at most `concurrency` keys at a time', async () => {
    const lanes = new KeyLanes(3);
    const open = gate();
    let most = 0;
    for (let i = 0; i < 10; i++) {
      lanes.submit(`k${i}`, async () => {
        most = Math.max(most, lanes.runningCount);
        await open.opened;
      });
    }
    await settle();
    expect(lanes.runningCount).toBe(3);
    open.open();
    await settle();
    expect(most).toBe(3);
    expect(lanes.runningCount).toBe(0);
  });

  it('starts nothing while it is held, and goes on when released', async () => {
    const lanes = new KeyLanes(1);
    let ran = false;
    lanes.hold();
    lanes.submit('a', async () => void (ran = true));
    await settle();
    expect(ran).toBe(false);
    lanes.release();
    await settle();
    expect(ran).toBe(true);
  });
});
