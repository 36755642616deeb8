import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '@clawdesk/client';
import { checkHistory } from './history.js';

const timeline = (...entries: Partial<TimelineEntry>[]): TimelineEntry[] =>
  entries.map(
    (entry, index) => ({ sequence: index + 1, at: '2026-01-01T00:00:00Z', ...entry }) as TimelineEntry,
  );

const message = (id: string): Partial<TimelineEntry> => ({ kind: 'message', id });
const reply = (turn: string): Partial<TimelineEntry> => ({ kind: 'reply', turn });
const turn = (
  id: string,
  state: 'answered' | 'superseded' = 'answered',
  supersededBy?: string,
): Partial<TimelineEntry> => ({
  kind: 'turn',
  turn: id,
  state,
  supersededBy,
});

const check = (accepted: string[], ...entries: Partial<TimelineEntry>[]) =>
  checkHistory('c', accepted, timeline(...entries));

describe('checkHistory', () => {
  it('finds nothing wrong with an answered and an overtaken message', () => {
    const faults = check(
      ['a', 'b'],
      message('a'),
      message('b'),
      turn('a', 'superseded', 'b'),
      reply('b'),
      turn('b'),
    );
    expect(faults).toEqual({ lost: [], doubled: [], disordered: [] });
  });

  it('finds what is lost', () => {
    expect(check(['a', 'b', 'c'], message('a'), message('c'), turn('c')).lost).toEqual([
      'c: message a has no final state',
      'c: message b is not on the timeline',
      'c: message b has no final state',
      'c: c is answered without a reply',
    ]);
  });

  it('finds what is doubled', () => {
    const faults = check(
      ['a'],
      message('a'),
      message('a'),
      message('x'),
      reply('a'),
      turn('a'),
      reply('a'),
      turn('a'),
    );
    expect(faults.doubled).toEqual([
      'c: message a is there 2 times',
      'c: message a has 2 final states',
      'c: message a has 2 replies',
      'c: entry 3 is a message that nobody sent',
    ]);
  });

  it('finds what is out of order', () => {
    const faults = check(
      ['a', 'b'],
      message('b'),
      message('a'),
      reply('b'),
      turn('b'),
      reply('a'),
      turn('a'),
    );
    expect(faults.disordered).toEqual([
      'c: the entry of message 1 comes after that of 2',
      'c: the reply of message 1 comes after that of 2',
    ]);
    const gap = timeline(message('a'), turn('a')).map((entry) => ({
      ...entry,
      sequence: entry.sequence * 2,
    }));
    expect(checkHistory('c', ['a'], gap).disordered).toHaveLength(2);
  });
});
