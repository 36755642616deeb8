import { ApiKeys, authSchema, ensureFirstTenant } from '@clawdesk/auth';
import {
  databaseConfig,
  DatabaseUnavailableError,
  EmbeddedPostgres,
  migrate,
  roleUrls,
  TypeOrmDatabase,
} from '@clawdesk/database';
import { messagingSchema } from '@clawdesk/messaging';
import { logSchema } from '@clawdesk/transport-postgres';
import type { Announcer } from './announce.js';
import { DataFolder } from './data-folder.js';
import type { Platform } from './host.module.js';
import type { ServiceDefinition } from './service.js';
import { waitFor } from './wait-for.js';

export interface MigrationParts extends Pick<Platform, 'config' | 'secret'> {
  services: readonly ServiceDefinition[];
  say: Announcer;
}

export type DatabaseParts = MigrationParts & Pick<Platform, 'database' | 'tenants'>;

export interface DatabaseConnection {
  /** URL of the platform role, for the log in PostgreSQL. */
  platformUrl: string;
  /** The key made on an empty installation, to be shown once. */
  firstApiKey: { key: string; file: string } | undefined;
  close(): Promise<void>;
}

/** The database as its owner reaches it, and the migrations of what runs here. */
interface Prepared {
  ownerUrl: string;
  migrate(): Promise<void>;
  /** Stops the embedded server, if there is one. */
  stop(): Promise<void>;
}

async function prepare({ config, secret, services, say }: MigrationParts): Promise<Prepared> {
  const embedded = config.databaseUrl
    ? undefined
    : await EmbeddedPostgres.start({ dataDir: config.dataDir, onProgress: (what) => say.progress(what) });
  const ownerUrl = config.databaseUrl ?? embedded!.url;
  const schemas = [
    authSchema,
    messagingSchema,
    logSchema,
    ...services.flatMap(({ schema }) => (schema ? [schema] : [])),
  ];
  return {
    ownerUrl,
    migrate: () => migrate(ownerUrl, secret, schemas, (what) => say.progress(what)),
    stop: async () => embedded?.stop(),
  };
}

/** Brings the tables up to date. Waits while PostgreSQL is unreachable. */
export async function migrateDatabase(parts: MigrationParts): Promise<void> {
  const prepared = await prepare(parts);
  try {
    await waitFor(prepared.migrate, isAway, parts.say.waiting);
  } finally {
    await prepared.stop();
  }
}

/** Starts or reaches PostgreSQL, migrates, connects. Waits while it is unreachable. */
export async function connectDatabase(parts: DatabaseParts): Promise<DatabaseConnection> {
  const { config, secret, database, tenants, say } = parts;
  const prepared = await prepare(parts);
  const urls = roleUrls(prepared.ownerUrl, secret);
  const connected = await waitFor(
    async () => {
      await prepared.migrate();
      return TypeOrmDatabase.connect({ ...urls, ...databaseConfig() });
    },
    isAway,
    (sentence) => {
      say.waiting(sentence);
      database.waiting(sentence);
    },
  );
  await connected.assertRowSecurity();
  database.connected(connected);
  const folder = new DataFolder(config.dataDir);
  const key = await ensureFirstTenant(tenants, new ApiKeys(database), (made) => folder.keepApiKey(made));
  return {
    platformUrl: urls.platform,
    firstApiKey: key === undefined ? undefined : { key, file: folder.apiKeyFile },
    close: async () => {
      await connected.close();
      await prepared.stop();
    },
  };
}

const isAway = (error: unknown): boolean => error instanceof DatabaseUnavailableError;
