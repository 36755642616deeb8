import { readFileSync } from 'node:fs';

export type SaslMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';

export interface KafkaConfig {
  /** `KAFKA_BROKERS`: `host:port`, separated by commas. */
  brokers: string[];
  /** `KAFKA_CLIENT_ID`: how this process appears in Kafka's own logs and quotas. @default clawdesk */
  clientId: string;
  /** `KAFKA_SSL=true`; `KAFKA_SSL_CA`, `KAFKA_SSL_CERT` and `KAFKA_SSL_KEY` name PEM files and imply it. */
  ssl: boolean | { ca?: string; cert?: string; key?: string };
  /** `KAFKA_SASL_MECHANISM`, `KAFKA_SASL_USERNAME`, `KAFKA_SASL_PASSWORD`: all three or none. */
  sasl: { mechanism: SaslMechanism; username: string; password: string } | undefined;
  /** `KAFKA_REPLICATION`: replication factor of topics created here; the broker's default when unset. With 3 or more a record needs two replicas to be acknowledged. */
  replication: number | undefined;
  /** `KAFKA_COMPRESSION`: `none` or `gzip`; other codecs end kafkajs's consumers. @default none */
  compression: 'none' | 'gzip';
  /** `KAFKA_RETENTION_HOURS`: how long topics created here keep their records. @default 168 */
  retentionHours: number;
  /** `KAFKA_SESSION_TIMEOUT_MS`: a member that is silent for so long is taken for dead. @default 10000 */
  sessionTimeoutMs: number;
  /** `KAFKA_PUBLISH_TIMEOUT_MS`: a publish that is not acknowledged for so long is rejected. @default 10000 */
  publishTimeoutMs: number;
}

/** Thrown when variables are wrong: one sentence for each. */
export class KafkaConfigurationError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'KafkaConfigurationError';
  }
}

const mechanisms: readonly string[] = ['plain', 'scram-sha-256', 'scram-sha-512'] satisfies SaslMechanism[];

/** Collects a sentence for every wrong variable, so that all can be mended at once. */
class Variables {
  readonly problems: string[] = [];
  constructor(private readonly env: NodeJS.ProcessEnv) {}

  text(name: string): string | undefined {
    const value = this.env[name]?.trim();
    return value === '' ? undefined : value;
  }

  whole(name: string, least: number): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (!Number.isInteger(number) || number < least) {
      this.problems.push(`${name} must be a whole number of at least ${least}, not '${value}'.`);
    }
    return number;
  }

  choice<T extends string>(name: string, choices: readonly string[]): T | undefined {
    const value = this.text(name)?.toLowerCase();
    if (value !== undefined && !choices.includes(value)) {
      this.problems.push(`${name} must be one of ${choices.join(', ')}, not '${value}'.`);
    }
    return value as T | undefined;
  }

  file(name: string): string | undefined {
    const path = this.text(name);
    if (path === undefined) return undefined;
    try {
      return readFileSync(path, 'utf8');
    } catch {
      this.problems.push(`${name} names the file '${path}', which cannot be read.`);
      return undefined;
    }
  }
}

function brokersFrom(variables: Variables): string[] {
  const brokers = (variables.text('KAFKA_BROKERS') ?? '')
    .split(',')
    .map((broker) => broker.trim())
    .filter((broker) => broker !== '');
  if (brokers.length === 0) {
    variables.problems.push(
      'KAFKA_BROKERS must name at least one broker as host:port, for example 127.0.0.1:9092.',
    );
  }
  for (const broker of brokers) {
    const port = Number(/^[^\s/]+:(\d+)$/.exec(broker)?.[1]);
    if (!(port >= 1 && port <= 65_535)) {
      variables.problems.push(
        `KAFKA_BROKERS must list host:port separated by commas; '${broker}' is not one.`,
      );
    }
  }
  return brokers;
}

function sslFrom(variables: Variables): KafkaConfig['ssl'] {
  const wanted = variables.choice<'true' | 'false'>('KAFKA_SSL', ['true', 'false']);
  const files = {
    ca: variables.file('KAFKA_SSL_CA'),
    cert: variables.file('KAFKA_SSL_CERT'),
    key: variables.file('KAFKA_SSL_KEY'),
  };
  if ((files.cert === undefined) !== (files.key === undefined)) {
    variables.problems.push('KAFKA_SSL_CERT and KAFKA_SSL_KEY belong together: set both or neither.');
  }
  if (wanted === 'false') return false;
  const given = Object.fromEntries(Object.entries(files).filter(([, pem]) => pem !== undefined));
  return Object.keys(given).length > 0 ? given : wanted === 'true';
}

function saslFrom(variables: Variables): KafkaConfig['sasl'] {
  const mechanism = variables.choice<SaslMechanism>('KAFKA_SASL_MECHANISM', mechanisms);
  const username = variables.text('KAFKA_SASL_USERNAME');
  const password = variables.text('KAFKA_SASL_PASSWORD');
  if (mechanism !== undefined && username !== undefined && password !== undefined)
    return { mechanism, username, password };
  if (mechanism !== undefined || username !== undefined || password !== undefined) {
    variables.problems.push(
      'KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD belong together: set all three or none.',
    );
  }
  return undefined;
}

/**
 * Reads and checks the variables named in KafkaConfig.
 * @throws {KafkaConfigurationError} with one sentence per variable that is wrong.
 */
export function kafkaConfig(env: NodeJS.ProcessEnv = process.env): KafkaConfig {
  const variables = new Variables(env);
  const config: KafkaConfig = {
    brokers: brokersFrom(variables),
    clientId: variables.text('KAFKA_CLIENT_ID') ?? 'clawdesk',
    ssl: sslFrom(variables),
    sasl: saslFrom(variables),
    replication: variables.whole('KAFKA_REPLICATION', 1),
    compression: variables.choice<'none' | 'gzip'>('KAFKA_COMPRESSION', ['none', 'gzip']) ?? 'none',
    retentionHours: variables.whole('KAFKA_RETENTION_HOURS', 1) ?? 168,
    sessionTimeoutMs: variables.whole('KAFKA_SESSION_TIMEOUT_MS', 6_000) ?? 10_000,
    publishTimeoutMs: variables.whole('KAFKA_PUBLISH_TIMEOUT_MS', 100) ?? 10_000,
  };
  if (variables.problems.length > 0) throw new KafkaConfigurationError(variables.problems);
  return config;
}
