import type { Channel } from './channel.js';

/**
 * The chat on the tenant's own pages. Customers write through ingestion's HTTP API with a client id per message, and read
 * their conversation's stream from the gateway: a reply is with them once it stands on the timeline.
 */
export const webchat: Channel = {
  id: 'webchat',
  capabilities: {
    textLimit: 20_000,
    media: [],
    settledBy: 'timeline',
    whenUnknown: 'repeat',
    rate: { perSecond: 1_000, burst: 1_000 },
  },
  // A thread key holds no colon, so that no two pairs give one key. Web chat has no edits.
  dedupKey: ({ thread, channelMessageId }) => `${thread}:${channelMessageId}`,
  send: () => Promise.resolve({ outcome: 'sent' }),
};
