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

export interface DatabaseParts extends Pick<Platform, 'config' | 'secret' | 'database' | 'tenants'> {
  services: readonly ServiceDefinition[];
  say: Announcer;
}

export interface DatabaseConnection {
  /** URL of the platform role, for the log in PostgreSQL. */
  platformUrl: string;
  /** The key made on an empty installation, to be shown once. */
  firstApiKey: { key: string; file: string } | undefined;
  close(): Promise<void>;
}

/** Starts or reaches PostgreSQL, migrates, connects. Waits while it is unreachable. */
export async function connectDatabase(parts: DatabaseParts): Promise<DatabaseConnection> {
  const { config, secret, database, tenants, services, say } = parts;
  const embedded = config.databaseUrl
    ? undefined
    : await EmbeddedPostgres.start({ dataDir: config.dataDir, onProgress: (what) => say.progress(what) });
  const ownerUrl = config.databaseUrl ?? embedded!.url;
  const urls = roleUrls(ownerUrl, secret);
  const schemas = [
    authSchema,
    messagingSchema,
    logSchema,
    ...services.flatMap(({ schema }) => (schema ? [schema] : [])),
  ];
  const connected = await waitFor(
    async () => {
      await migrate(ownerUrl, secret, schemas, (what) => say.progress(what));
      return TypeOrmDatabase.connect({ ...urls, ...databaseConfig() });
    },
    (error) => error instanceof DatabaseUnavailableError,
    say,
  );
  await connected.assertRowSecurity();
  database.connected(connected);
  const folder = new DataFolder(config.dataDir);
  const key = await ensureFirstTenant(tenants, new ApiKeys(database), (key) => folder.keepApiKey(key));
  return {
    platformUrl: urls.platform,
    firstApiKey: key === undefined ? undefined : { key, file: folder.apiKeyFile },
    close: async () => {
      await connected.close();
      await embedded?.stop();
    },
  };
}
