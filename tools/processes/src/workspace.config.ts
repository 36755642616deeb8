import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The workspace's folder; this file is two folders deep in tools/processes, built or not. */
export const workspace = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** The built main file of an app. */
export const mainOf = (app: string): string => join(workspace, 'apps', app, 'dist', 'main.js');

/** What Node is told with every process of Clawdesk, as `npm start` does. */
export const nodeFlags = JSON.parse(
  readFileSync(join(workspace, 'tools', 'workspace', 'node-flags.json'), 'utf8'),
) as readonly string[];

/** Variables that say what a Clawdesk process connects to; a started process gets exactly those that its host sets. */
const own = [
  'PORT',
  'HOST',
  'DATA_DIR',
  'DATABASE_URL',
  'KAFKA_BROKERS',
  'REDIS_URL',
  'CLAWDESK_SECRET',
  'CLAWDESK_URL',
  'CLAWDESK_API_KEY',
  'CUSTOMER_PARTITIONS',
];

/** This process's environment without what belongs to Clawdesk, and without what a test runner adds. */
export function cleanEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const foreign = (name: string): boolean =>
    own.includes(name) || name.startsWith('VITEST') || name === 'NODE_OPTIONS';
  return Object.fromEntries(Object.entries(env).filter(([name]) => !foreign(name) && name !== 'NODE_ENV'));
}

/** What `npm run services` connects to, as the environment says it. */
export interface ServicesConfig {
  kafkaBrokers: string | undefined;
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  dataDir: string;
  secret: string | undefined;
}

export const servicesConfig = (env: NodeJS.ProcessEnv = process.env): ServicesConfig => ({
  kafkaBrokers: env['KAFKA_BROKERS'] || undefined,
  databaseUrl: env['DATABASE_URL'] || undefined,
  redisUrl: env['REDIS_URL'] || undefined,
  // npm runs scripts in the workspace's folder; INIT_CWD is where the person stands.
  dataDir: resolve(env['INIT_CWD'] ?? '.', env['DATA_DIR'] || 'data'),
  secret: env['CLAWDESK_SECRET'] || undefined,
});
