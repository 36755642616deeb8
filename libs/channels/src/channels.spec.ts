import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Channel } from './channel.js';
import { ChannelRegistry, channels } from './channels.js';

const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.channel.ts'));

describe('the list of channels', () => {
  it.each(files)('has %s', async (file) => {
    const exported: unknown[] = Object.values((await import(join(import.meta.dirname, file))) as object);
    const listed = channels.filter((channel) => exported.includes(channel));
    expect(
      listed.map(({ id }) => id),
      `Add the channel of ${file} to channels.ts`,
    ).toEqual([file.replace('.channel.ts', '')]);
  });

  it('has nothing twice and nothing without a file', () => {
    const ids = channels.map(({ id }) => id);
    expect(ids.toSorted()).toEqual(files.map((file) => file.replace('.channel.ts', '')).toSorted());
  });

  it('finds a channel by its id', () => {
    const registry = new ChannelRegistry();
    for (const channel of channels) expect(registry.find(channel.id)).toBe(channel);
    expect(registry.find('pigeon')).toBeUndefined();
  });
});

describe.each(channels.map((channel): [string, Channel] => [channel.id, channel]))('%s', (_, channel) => {
  it('gives one key to one message and different keys to different ones', () => {
    const messages = [
      { thread: 'a', channelMessageId: '1' },
      { thread: 'a', channelMessageId: '2' },
      { thread: 'b', channelMessageId: '1' },
    ];
    const keys = messages.map((message) => channel.dedupKey(message));
    expect(new Set(keys).size).toBe(messages.length);
    expect(messages.map((message) => channel.dedupKey({ ...message }))).toEqual(keys);
  });

  it('can take a text', () => {
    expect(channel.capabilities.textLimit).toBeGreaterThan(0);
    expect(channel.capabilities.rate.burst).toBeGreaterThanOrEqual(1);
  });
});
