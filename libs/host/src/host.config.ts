import { isAbsolute, resolve } from 'node:path';
import { databaseConfig, DatabaseConfigurationError } from '@clawdesk/database';
import { loggingConfig } from '@clawdesk/tracing';
import { kafkaConfig, KafkaConfigurationError } from '@clawdesk/transport-kafka';

/** What every process of Clawdesk is told by its environment. */
export interface HostConfig {
  /** TCP port of HTTP. `PORT`, else the default of what runs (see routes.ts). */
  port: number | undefined;
  /** Address to listen on. `HOST` @default 127.0.0.1 */
  host: string;
  /** `DATA_DIR` @default ./data */
  dataDir: string;
  /** `DATABASE_URL` of the owner role; undefined: embedded PostgreSQL in `dataDir`. */
  databaseUrl: string | undefined;
  /** `KAFKA_BROKERS` are set: the log is Kafka. Otherwise it is in PostgreSQL. */
  kafka: boolean;
  /** `REDIS_URL` */
  redisUrl: string | undefined;
  /** `CLAWDESK_SECRET`; undefined: generated into `dataDir`. */
  secret: string | undefined;
  /** `CUSTOMER_PARTITIONS` @default 12 embedded, 48 on Kafka */
  customerPartitions: number;
  /** `DRAIN_SECONDS`: how long running work may take on shutdown. @default 20 */
  drainMs: number;
}

/** Thrown when the environment asks for what cannot be; the message names the variable and how to mend it. */
export class ConfigurationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigurationError';
  }
}

/** @throws {ConfigurationError} listing every wrong variable. */
export function hostConfig(env: NodeJS.ProcessEnv = process.env): HostConfig {
  const problems: string[] = [];
  const integer = (name: string, low: number, high: number): number | undefined => {
    const text = env[name]?.trim();
    if (!text) return undefined;
    const value = Number(text);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    problems.push(`${name} is '${text}': give a whole number from ${low} to ${high}.`);
    return undefined;
  };
  const url = (name: string, protocols: readonly string[]): string | undefined => {
    const text = env[name]?.trim();
    if (!text) return undefined;
    if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text;
    problems.push(`${name} is not an address: give one like ${protocols[0]}//127.0.0.1/…`);
    return undefined;
  };
  const kafka = Boolean(env['KAFKA_BROKERS']?.trim());
  problems.push(...problemsOf(() => databaseConfig(env)));
  if (kafka) problems.push(...problemsOf(() => kafkaConfig(env)));
  const { problem: logging } = loggingConfig(env);
  if (logging) problems.push(logging);
  const secret = env['CLAWDESK_SECRET'];
  if (secret !== undefined && secret.length < 32) {
    problems.push(
      'CLAWDESK_SECRET is shorter than 32 characters: give a random one, e.g. from `openssl rand -hex 32`.',
    );
  }
  const dataDir = env['DATA_DIR']?.trim() || 'data';
  const config: HostConfig = {
    port: integer('PORT', 0, 65_535),
    host: env['HOST']?.trim() || '127.0.0.1',
    dataDir: isAbsolute(dataDir) ? dataDir : resolve(env['INIT_CWD'] ?? '.', dataDir),
    databaseUrl: url('DATABASE_URL', ['postgres:', 'postgresql:']),
    kafka,
    redisUrl: url('REDIS_URL', ['redis:', 'rediss:']),
    secret,
    customerPartitions: integer('CUSTOMER_PARTITIONS', 1, 1_000) ?? (kafka ? 48 : 12),
    drainMs: (integer('DRAIN_SECONDS', 0, 600) ?? 20) * 1_000,
  };
  if (problems.length > 0)
    throw new ConfigurationError(`The configuration is wrong.\n${problems.map((p) => `  ${p}`).join('\n')}`);
  return config;
}

/** Told with the others and before anything is started, not when the turn of database or log comes. */
function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof DatabaseConfigurationError || error instanceof KafkaConfigurationError)
      return error.problems;
    throw error;
  }
}
