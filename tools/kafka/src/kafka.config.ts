import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface LocalKafkaConfig {
  /** Where the jars are kept. */
  cache: string;
  /** The Java to run, by name or path. */
  java: string;
  /** Brokers that are there already. */
  brokers: string | undefined;
}

const workspace = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * `CLAWDESK_KAFKA_CACHE`: folder of the jars. @default node_modules/.cache/clawdesk-kafka
 * `JAVA_HOME`: which Java to run; otherwise the one on the path.
 * `KAFKA_BROKERS`: brokers that run already, for the question whether tests against Kafka can run.
 */
export const localKafkaConfig = (env: NodeJS.ProcessEnv = process.env): LocalKafkaConfig => ({
  cache: env['CLAWDESK_KAFKA_CACHE'] ?? join(workspace, 'node_modules', '.cache', 'clawdesk-kafka'),
  java: env['JAVA_HOME'] ? join(env['JAVA_HOME'], 'bin', 'java') : 'java',
  brokers: env['KAFKA_BROKERS'],
});
