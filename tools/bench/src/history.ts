import type { TimelineEntry } from '@clawdesk/client';

/** What went wrong in one or many conversations. */
export interface Faults {
  /** Accepted messages that are not there, or that came to no final state. */
  lost: string[];
  /** Messages, replies and final states that are there more than once, or that nobody caused. */
  doubled: string[];
  /** Entries that are not in the order in which things happened. */
  disordered: string[];
}

export const noFaults = (): Faults => ({ lost: [], doubled: [], disordered: [] });

export function addFaults(into: Faults, more: Faults): void {
  into.lost.push(...more.lost);
  into.doubled.push(...more.doubled);
  into.disordered.push(...more.disordered);
}

/**
 * Holds one conversation's timeline against what its customer knows: the ids of the messages that were accepted, in the
 * order in which they were sent, each sent after the one before had been accepted.
 */
export function checkHistory(
  conversation: string,
  accepted: readonly string[],
  timeline: readonly TimelineEntry[],
): Faults {
  const faults = noFaults();
  const place = new Map(accepted.map((id, index) => [id, index]));
  const at = (id: string | undefined): number => (id === undefined ? -1 : (place.get(id) ?? -1));
  const messages = timeline.filter(({ kind }) => kind === 'message');
  const replies = timeline.filter(({ kind }) => kind === 'reply');
  const turns = timeline.filter(({ kind }) => kind === 'turn');

  const count = (entries: readonly TimelineEntry[], id: string, by: 'id' | 'turn'): number =>
    entries.filter((entry) => entry[by] === id).length;
  for (const id of accepted) {
    const written = count(messages, id, 'id');
    const ended = count(turns, id, 'turn');
    const replied = count(replies, id, 'turn');
    const state = turns.find(({ turn }) => turn === id)?.state;
    if (written === 0) faults.lost.push(`${conversation}: message ${id} is not on the timeline`);
    if (ended === 0) faults.lost.push(`${conversation}: message ${id} has no final state`);
    if (state === 'answered' && replied === 0)
      faults.lost.push(`${conversation}: ${id} is answered without a reply`);
    if (written > 1) faults.doubled.push(`${conversation}: message ${id} is there ${written} times`);
    if (ended > 1) faults.doubled.push(`${conversation}: message ${id} has ${ended} final states`);
    if (replied > 1) faults.doubled.push(`${conversation}: message ${id} has ${replied} replies`);
  }
  for (const { id, sequence } of messages) {
    if (at(id) < 0) faults.doubled.push(`${conversation}: entry ${sequence} is a message that nobody sent`);
  }

  timeline.forEach(({ sequence }, index) => {
    if (sequence !== index + 1)
      faults.disordered.push(`${conversation}: entry ${index + 1} is numbered ${sequence}`);
  });
  const inOrder = (entries: readonly TimelineEntry[], by: 'id' | 'turn', what: string): void => {
    const places = entries.map((entry) => at(entry[by])).filter((index) => index >= 0);
    places.forEach((index, position) => {
      const before = places[position - 1];
      if (before !== undefined && index < before) {
        faults.disordered.push(
          `${conversation}: ${what} of message ${index + 1} comes after that of ${before + 1}`,
        );
      }
    });
  };
  inOrder(messages, 'id', 'the entry');
  inOrder(replies, 'turn', 'the reply');
  for (const { turn, state, supersededBy } of turns) {
    if (state === 'superseded' && at(supersededBy) <= at(turn)) {
      faults.disordered.push(`${conversation}: message ${turn} is superseded by one that is not newer`);
    }
  }
  return faults;
}
