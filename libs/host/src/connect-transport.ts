import { topicSpecs, TransportUnavailableError, type Transport } from '@clawdesk/messaging';
import { KafkaTransport, kafkaConfig } from '@clawdesk/transport-kafka';
import { PostgresTransport } from '@clawdesk/transport-postgres';
import type { Announcer } from './announce.js';
import type { Platform } from './host.module.js';
import { waitFor } from './wait-for.js';

export interface TransportParts extends Pick<Platform, 'config' | 'transport'> {
  /** URL of the platform role, for the log in PostgreSQL. */
  platformUrl: string;
  say: Announcer;
  /** Aborted when the process is to end. */
  signal: AbortSignal;
}

/** Days that the log in PostgreSQL keeps its records. */
const postgresLogDays = 7;
/** The guards against a second handling outlive the log by so many days. */
const guardDays = 7;

/** How long the events that were processed are remembered, in days. */
export const processedEventsDays = (kafka: boolean): number =>
  (kafka ? Math.ceil(kafkaConfig().retentionHours / 24) : postgresLogDays) + guardDays;

/** Starts the log that the configuration names: Kafka, or the one in PostgreSQL. Waits while it is unreachable. */
export async function connectTransport({
  config,
  transport,
  platformUrl,
  say,
  signal,
}: TransportParts): Promise<void> {
  const driver: Transport = config.kafka
    ? new KafkaTransport(kafkaConfig())
    : new PostgresTransport({
        connection: { connectionString: platformUrl },
        retentionDays: postgresLogDays,
      });
  await waitFor(
    () => driver.start(topicSpecs(config.customerPartitions)),
    (error) => error instanceof TransportUnavailableError,
    (sentence) => {
      say.waiting(sentence);
      transport.waiting(sentence);
    },
    signal,
  );
  transport.connected(driver);
}
