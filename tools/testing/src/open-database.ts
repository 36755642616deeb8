import {
  databaseConfig,
  migrate,
  roleUrls,
  TypeOrmDatabase,
  type Database,
  type SchemaMigrations,
} from '@clawdesk/database';
import { startPostgres } from '@clawdesk/database/testing';

export interface OpenDatabase {
  database: Database;
  close(): Promise<void>;
}

/** A real server with this one schema, reached with the roles that services have. */
export async function openDatabase(schema: SchemaMigrations): Promise<OpenDatabase> {
  const postgres = await startPostgres();
  await migrate(postgres.url, postgres.secret, [schema]);
  const database = await TypeOrmDatabase.connect({
    ...roleUrls(postgres.url, postgres.secret),
    ...databaseConfig({}),
  });
  await database.assertRowSecurity();
  return {
    database,
    close: async () => {
      await database.close();
      await postgres.stop();
    },
  };
}
