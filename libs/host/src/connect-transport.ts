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
}

/** Starts the log that the configuration names: Kafka, or the one in PostgreSQL. Waits while it is unreachable. */
export async function connectTransport({
  config,
  transport,
  platformUrl,
  say,
}: TransportParts): Promise<void> {
  const driver: Transport = config.kafka
    ? new KafkaTransport(kafkaConfig())
    : new PostgresTransport({ connection: { connectionString: platformUrl } });
  await waitFor(
    () => driver.start(topicSpecs(config.customerPartitions)),
    (error) => error instanceof TransportUnavailableError,
    (sentence) => {
      say.waiting(sentence);
      transport.waiting(sentence);
    },
  );
  transport.connected(driver);
}
