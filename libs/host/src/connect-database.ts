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

export interface DatabaseParts extends MigrationParts, Pick<Platform, 'database' | 'tenants'> {
  /** Aborted when the process is to end: what has been started by then is stopped. */
  signal: AbortSignal;
}

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

async function prepare(
  { config, secret, services, say }: MigrationParts,
  signal?: AbortSignal,
): Promise<Prepared> {
  const embedded = config.databaseUrl
    ? undefined
    : await EmbeddedPostgres.start({
        dataDir: config.dataDir,
        onProgress: (what) => say.progress(what),
        ...(signal && { signal }),
      });
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

/**
 * Starts or reaches PostgreSQL, migrates, connects. Waits while it is unreachable.
 * @throws the signal's reason when it is aborted; nothing runs on then.
 */
export async function connectDatabase(parts: DatabaseParts): Promise<DatabaseConnection> {
  const prepared = await prepare(parts, parts.signal);
  let connected: TypeOrmDatabase | undefined;
  const close = async (): Promise<void> => {
    await connected?.close();
    await prepared.stop();
  };
  try {
    connected = await connect(parts, prepared);
    await connected.assertRowSecurity();
    parts.database.connected(connected);
    const firstApiKey = await firstKey(parts);
    parts.signal.throwIfAborted();
    return { platformUrl: roleUrls(prepared.ownerUrl, parts.secret).platform, firstApiKey, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const connect = (
  { secret, database, say, signal }: DatabaseParts,
  { ownerUrl, migrate: bringUpToDate }: Prepared,
): Promise<TypeOrmDatabase> =>
  waitFor(
    async () => {
      await bringUpToDate();
      return TypeOrmDatabase.connect({ ...roleUrls(ownerUrl, secret), ...databaseConfig() });
    },
    isAway,
    (sentence) => {
      say.waiting(sentence);
      database.waiting(sentence);
    },
    signal,
  );

async function firstKey({
  config,
  tenants,
  database,
}: DatabaseParts): Promise<DatabaseConnection['firstApiKey']> {
  const folder = new DataFolder(config.dataDir);
  const key = await ensureFirstTenant(tenants, new ApiKeys(database), (made) => folder.keepApiKey(made));
  return key === undefined ? undefined : { key, file: folder.apiKeyFile };
}

const isAway = (error: unknown): boolean => error instanceof DatabaseUnavailableError;
