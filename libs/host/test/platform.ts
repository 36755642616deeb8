import { kafkaAvailable, startKafka } from '@clawdesk/kafka';
import {
  databaseConfig,
  migrate,
  roleUrls,
  TypeOrmDatabase,
  type SchemaMigrations,
} from '@clawdesk/database';
import type { Transport } from '@clawdesk/messaging';
import { startPostgres } from '@clawdesk/testing';
import { KafkaTransport, kafkaConfig } from '@clawdesk/transport-kafka';
import { logSchema, PostgresTransport } from '@clawdesk/transport-postgres';

/** A real database and log for one suite. */
export interface TestPlatform {
  database: TypeOrmDatabase;
  /** Another member of the same log. */
  transport(): Transport;
  close(): Promise<void>;
}

export type LogKind = 'PostgreSQL' | 'Kafka';

/** The logs that this machine can run. */
export const logKinds: readonly LogKind[] = (await kafkaAvailable())
  ? ['PostgreSQL', 'Kafka']
  : ['PostgreSQL'];

export async function openPlatform(
  log: LogKind,
  schemas: readonly SchemaMigrations[],
): Promise<TestPlatform> {
  const server = await startPostgres();
  await migrate(server.url, server.secret, [logSchema, ...schemas]);
  const urls = roleUrls(server.url, server.secret);
  const database = await TypeOrmDatabase.connect({ ...urls, ...databaseConfig({}) });
  const kafka = log === 'Kafka' ? await startKafka() : undefined;
  const transport = (): Transport =>
    kafka
      ? new KafkaTransport(kafkaConfig({ KAFKA_BROKERS: kafka.brokers }))
      : new PostgresTransport({ connection: { connectionString: urls.platform } });
  return {
    database,
    transport,
    close: async () => {
      await database.close();
      await kafka?.stop();
      await server.stop();
    },
  };
}
