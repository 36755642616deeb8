import { logger } from '@clawdesk/tracing';
import type { logCreator } from 'kafkajs';

const log = logger('kafkajs');

/** What every start, rebalance and lost connection brings: kafkajs calls it an error, and tries again by itself. */
const noise = [
  /coordinator/i,
  /rebalancing/i,
  /Response (Metadata|Heartbeat|JoinGroup|SyncGroup|OffsetCommit|OffsetFetch|ListOffsets|LeaveGroup|Fetch|Produce)/,
  /Connection (error|timeout|closed)/i,
  /Failed to connect to (seed )?broker/i,
  /Failed to send messages/,
  /Restarting the consumer/,
  /This server does not host this topic-partition/,
  /leadership election/,
  // Several processes that start at once create the same topics; what is truly wrong with one is thrown as well.
  /Topic creation errors/,
];
const quietMs = 10_000;
const mostRemembered = 200;

/**
 * Brings kafkajs's log into ours: its passing troubles only as `debug`, and the same line at most every ten seconds.
 * What lasts shows as rejected publishes, as an unready service and as a crash.
 */
export const clientLog: logCreator = () => {
  const last = new Map<string, number>();
  return ({ level, log: { message, groupId, broker, error, topic, partition } }) => {
    const now = Date.now();
    if (now - (last.get(message) ?? -quietMs) < quietMs) return;
    if (last.size >= mostRemembered) last.clear();
    last.set(message, now);
    const fields = {
      groupId,
      broker,
      error: typeof error === 'string' ? error : undefined,
      topic,
      partition,
    };
    // kafkajs counts 1 error, 2 warning, 4 information, 5 debug.
    if (level >= 4 || noise.some((pattern) => pattern.test(message))) log.debug(fields, message);
    else if (level === 1) log.error(fields, message);
    else log.warn(fields, message);
  };
};
