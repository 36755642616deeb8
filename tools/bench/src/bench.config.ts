import { resolve } from 'node:path';

export interface BenchConfig {
  /** `KAFKA_BROKERS`: brokers that run already; undefined: a local one is started. */
  kafkaBrokers: string | undefined;
  /** Where the person stands: npm runs scripts in the workspace's folder. */
  folder: string;
}

export const benchConfig = (env: NodeJS.ProcessEnv = process.env): BenchConfig => ({
  kafkaBrokers: env['KAFKA_BROKERS'] || undefined,
  folder: resolve(env['INIT_CWD'] ?? '.'),
});
