import { describe, expect, it } from 'vitest';
import type { ReplyDelivered } from '@clawdesk/envelope';
import { settle } from './settle.js';

const delivered = (given: Partial<ReplyDelivered>) => ({
  outcome: 'sent' as const,
  purpose: 'answer',
  turn: 'turn',
  ...given,
});

describe('settle', () => {
  it('ends an answered turn with its reply', () => {
    expect(settle(delivered({}), 'bot')).toMatchObject({
      reply: {},
      turn: { state: 'answered' },
      handOver: false,
    });
  });
  it('ends a handed-off turn with the person', () => {
    expect(settle(delivered({ purpose: 'hand-off' }), 'waiting')).toMatchObject({
      reply: {},
      turn: { state: 'with-person' },
    });
  });
  it('brings in a person when a reply could not be delivered', () => {
    expect(settle(delivered({ outcome: 'failed' }), 'bot')).toMatchObject({
      turn: { state: 'failed' },
      handOver: true,
    });
  });
  it('leaves a conversation with its person when they could not be announced', () => {
    expect(settle(delivered({ outcome: 'failed', purpose: 'hand-off' }), 'waiting')).toMatchObject({
      turn: { state: 'with-person' },
      handOver: false,
    });
  });
  it('neither shows nor hides what may have been sent: the turn is unknown', () => {
    const settlement = settle(delivered({ outcome: 'unknown' }), 'bot');
    expect(settlement.turn?.state).toBe('unknown');
    expect(settlement.reply).toBeUndefined();
  });
  it('gives a fenced turn to whoever raised the fence', () => {
    expect(settle(delivered({ outcome: 'fenced' }), 'person').turn?.state).toBe('with-person');
    expect(settle(delivered({ outcome: 'fenced' }), 'bot').turn?.state).toBe('suppressed');
  });
  it('marks a person’s reply that did not arrive', () => {
    expect(settle(delivered({ turn: undefined }), 'person')).toEqual({ reply: {}, handOver: false });
    expect(settle(delivered({ turn: undefined, outcome: 'failed' }), 'person').reply?.state).toBe('failed');
  });
});
