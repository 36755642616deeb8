import type { Migration } from '@clawdesk/database';

/** Composed replies under their turn: a record that comes again gives the same words again. */
export const replies: Migration = {
  name: '0001-replies',
  sql: `
    CREATE SCHEMA IF NOT EXISTS generation;
    GRANT USAGE ON SCHEMA generation TO {{app}};
    CREATE TABLE generation.replies (
      tenant_id text NOT NULL DEFAULT current_setting('app.tenant'),
      turn uuid NOT NULL,
      reply jsonb NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (tenant_id, turn)
    );
    CREATE INDEX replies_by_age ON generation.replies USING brin (created_at);
    ALTER TABLE generation.replies ENABLE ROW LEVEL SECURITY;
    ALTER TABLE generation.replies FORCE ROW LEVEL SECURITY;
    CREATE POLICY tenant ON generation.replies
      USING (tenant_id = current_setting('app.tenant', true))
      WITH CHECK (tenant_id = current_setting('app.tenant', true));
    GRANT SELECT, INSERT, UPDATE, DELETE ON generation.replies TO {{app}};
  `,
};
