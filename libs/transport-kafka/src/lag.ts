import type { Subscription } from '@clawdesk/messaging';
import type { AdminConnection } from './admin-connection.js';
import { unavailable } from './kafka-errors.js';
import type { KafkaConfig } from './kafka.config.js';
import type { SilentOffsets } from './silent-offsets.js';

/** Records between the group's committed positions and the ends of these partitions. */
export async function lagOf(
  admin: AdminConnection,
  config: KafkaConfig,
  { group, topic }: Pick<Subscription, 'group' | 'topic'>,
  partitions: readonly number[],
  silent: SilentOffsets,
): Promise<number> {
  if (partitions.length === 0) return 0;
  try {
    return await admin.use(async (kafka) => {
      const [ends, committed] = await Promise.all([
        kafka.fetchTopicOffsets(topic),
        kafka.fetchOffsets({ groupId: group, topics: [topic] }),
      ]);
      const positions = new Map(
        committed.flatMap((one) => one.partitions).map((one) => [one.partition, Number(one.offset)]),
      );
      let lag = 0;
      for (const { partition, high, low } of ends) {
        if (!partitions.includes(partition)) continue;
        // -1: nothing was committed yet; the group reads from the first record that is still there.
        const position = Math.max(positions.get(partition) ?? -1, Number(low));
        lag += Math.max(0, Number(high) - silent.skip(partition, position));
      }
      return lag;
    });
  } catch (error) {
    throw unavailable(error, config.brokers.join(', '));
  }
}
