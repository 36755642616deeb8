import type { ConsumerConfig } from 'kafkajs';
import type { KafkaConfig } from './kafka.config.js';

/** What all consumers have in common; each is a connection of its own. */
export const consumerSettings = (
  config: KafkaConfig,
  stopped: () => boolean,
): Omit<ConsumerConfig, 'groupId'> => ({
  sessionTimeout: config.sessionTimeoutMs,
  // The others learn of a joining or leaving member with their next heartbeat.
  heartbeatInterval: 1_000,
  rebalanceTimeout: 30_000,
  // Records are sent at once when there are any; a resumed partition waits for the running fetch at most this long.
  // Each of the many idle fetches costs the broker a look at all partitions: ten a second per group kept a third of a core busy.
  minBytes: 1,
  maxWaitTimeInMs: 1_000,
  maxBytesPerPartition: 512 * 1024,
  maxBytes: 4 * 1024 * 1024,
  allowAutoTopicCreation: false,
  retry: {
    initialRetryTime: 100,
    maxRetryTime: 1_000,
    retries: 8,
    restartOnFailure: () => Promise.resolve(!stopped()),
  },
});
