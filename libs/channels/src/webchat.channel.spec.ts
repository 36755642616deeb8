import { describe, expect, it } from 'vitest';
import { webchat } from './webchat.channel.js';

describe('webchat', () => {
  it('knows a message by its thread and the client id', () => {
    expect(webchat.dedupKey({ thread: 'T', channelMessageId: 'c:1' })).toBe('T:c:1');
  });

  it('is settled by the timeline: nothing goes over a network', () => {
    expect(webchat.capabilities.settledBy).toBe('timeline');
  });
});
