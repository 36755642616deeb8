import type { TopicSpec } from '@clawdesk/messaging';
import { logger } from '@clawdesk/tracing';
import kafkajs, { type Admin } from 'kafkajs';
import type { KafkaConfig } from './kafka.config.js';
import { isTimeout } from './kafka-errors.js';

const log = logger('transport-kafka');
const hourMs = 3_600_000;
/** A record that only just fits its topic must fit its dead-letter topic with the reason beside it: twice Kafka's default. */
const deadLetterBytes = 2 * 1024 * 1024;
/** Codecs of `compression.type` that kafkajs can read; with them the broker recodes whatever others send. */
const readable: readonly string[] = ['gzip', 'uncompressed'];

/** Thrown when a topic has another number of partitions than configured: the number decides which key lies where. */
export class TopicMismatchError extends Error {
  constructor(topic: string, there: number, configured: number) {
    super(
      `Topic '${topic}' has ${there} partitions in Kafka, but ${configured} are configured. The number never changes in place: set CUSTOMER_PARTITIONS back, or use an empty Kafka.`,
    );
    this.name = 'TopicMismatchError';
  }
}

/** Settings of a topic created here. */
function settings(topic: string, config: KafkaConfig): { name: string; value: string }[] {
  const entries = {
    'cleanup.policy': 'delete',
    'retention.ms': String(config.retentionHours * hourMs),
    // Never 'producer': a record that somebody else packs with zstd, lz4 or snappy would end every consumer for good.
    'compression.type': config.compression === 'gzip' ? 'gzip' : 'uncompressed',
    ...(config.replication !== undefined
      ? { 'min.insync.replicas': config.replication >= 3 ? '2' : '1' }
      : {}),
    ...(topic.endsWith('.dead') ? { 'max.message.bytes': String(deadLetterBytes) } : {}),
  };
  return Object.entries(entries).map(([name, value]) => ({ name, value }));
}

async function partitionCounts(admin: Admin, names: readonly string[]): Promise<Map<string, number>> {
  if (names.length === 0) return new Map();
  const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
  return new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
}

async function warnOfCodecs(admin: Admin, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name,
      configNames: ['compression.type'],
    })),
  });
  for (const { resourceName, configEntries } of resources) {
    const codec = configEntries.find(({ configName }) => configName === 'compression.type')?.configValue;
    if (codec === undefined || readable.includes(codec)) continue;
    log.warn(
      { topic: resourceName },
      `Topic '${resourceName}' has compression.type=${codec}: one record packed with zstd, lz4 or snappy would stop its consumers. Set it to uncompressed or gzip.`,
    );
  }
}

/**
 * Creates the topics that are missing.
 * @throws {TopicMismatchError}
 */
export async function ensureTopics(
  admin: Admin,
  topics: readonly TopicSpec[],
  config: KafkaConfig,
): Promise<void> {
  const there = new Set(await admin.listTopics());
  const missing = topics.filter(({ name }) => !there.has(name));
  if (missing.length > 0) {
    await create(admin, missing, config);
    await untilServed(
      admin,
      missing.map(({ name }) => name),
    );
  }
  const found = topics.filter(({ name }) => there.has(name));
  // Also those just created: another process may have been first.
  const counts = await partitionCounts(
    admin,
    topics.map(({ name }) => name),
  );
  for (const { name, partitions } of topics) {
    const count = counts.get(name);
    if (count !== undefined && count !== partitions) throw new TopicMismatchError(name, count, partitions);
  }
  await warnOfCodecs(
    admin,
    found.map(({ name }) => name),
  );
}

/** A broker that is to make more than a thousand partitions, for several processes at once, may answer too late. */
async function create(
  admin: Admin,
  topics: readonly TopicSpec[],
  config: KafkaConfig,
  patienceMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      await admin.createTopics({
        waitForLeaders: true,
        topics: topics.map(({ name, partitions }) => ({
          topic: name,
          numPartitions: partitions,
          replicationFactor: config.replication ?? -1,
          configEntries: settings(name, config),
        })),
      });
      return;
    } catch (error) {
      if (!isTimeout(error) || Date.now() > deadline) throw error;
      log.info('Kafka is still creating the topics');
    }
  }
}

/** A leader that the metadata name may not have opened its log yet; until then it answers NOT_LEADER_OR_FOLLOWER. */
async function untilServed(admin: Admin, names: readonly string[], patienceMs = 30_000): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (const name of names) {
    for (;;) {
      try {
        await admin.fetchTopicOffsets(name);
        break;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }
}
