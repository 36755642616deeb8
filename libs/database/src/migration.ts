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
  migrations: readonly Migration[];
}
