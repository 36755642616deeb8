/** A forward-only step of one schema. Runs as the owner, in one transaction, once. */
export interface Migration {
  /** `0001-articles`: ordered by name within its schema. */
  name: string;
  /** SQL, several statements allowed. `{{app}}` and `{{platform}}` stand for the role names. */
  sql: string;
}

/** All migrations of one schema (one schema per service), oldest first. */
export interface SchemaMigrations {
  schema: string;
  /**
   * Who may read and write its tables unless a migration says otherwise. `app`: services, tenant by tenant, so every table needs
   * tenant_id and row-level security. `platform`: the log and guards, which no service's connection can see.
   * @default app
   */
  access?: 'app' | 'platform';
  migrations: readonly Migration[];
}
