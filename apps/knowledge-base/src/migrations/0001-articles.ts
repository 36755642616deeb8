import type { Migration } from '@clawdesk/database';

const tables = ['knowledge', 'articles', 'article_versions'];

/** Tables are filled under `app.tenant`, so the tenant is a default and no statement can name a wrong one. */
const tenantColumn = `tenant_id text NOT NULL DEFAULT current_setting('app.tenant')`;

const tenantOnly = (table: string): string => `
  ALTER TABLE knowledge_base.${table} ENABLE ROW LEVEL SECURITY;
  ALTER TABLE knowledge_base.${table} FORCE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON knowledge_base.${table}
    USING (tenant_id = current_setting('app.tenant', true))
    WITH CHECK (tenant_id = current_setting('app.tenant', true));
  GRANT SELECT, INSERT, UPDATE, DELETE ON knowledge_base.${table} TO {{app}};
`;

export const articles: Migration = {
  name: '0001-articles',
  sql: `
    CREATE SCHEMA IF NOT EXISTS knowledge_base;
    GRANT USAGE ON SCHEMA knowledge_base TO {{app}}, {{platform}};

    -- One row per tenant: its version grows with every change, in the change's transaction.
    CREATE TABLE knowledge_base.knowledge (
      ${tenantColumn},
      version integer NOT NULL DEFAULT 0,
      PRIMARY KEY (tenant_id)
    );

    -- changed: the knowledge version that the article's last change made.
    CREATE TABLE knowledge_base.articles (
      ${tenantColumn},
      id text NOT NULL,
      version integer NOT NULL CHECK (version > 0),
      deleted boolean NOT NULL DEFAULT false,
      changed integer NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (tenant_id, id)
    );
    CREATE INDEX articles_by_change ON knowledge_base.articles (tenant_id, changed);

    CREATE TABLE knowledge_base.article_versions (
      ${tenantColumn},
      article text NOT NULL,
      version integer NOT NULL,
      title text NOT NULL,
      body text NOT NULL,
      language text NOT NULL,
      url text,
      source text,
      checksum text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (tenant_id, article, version),
      FOREIGN KEY (tenant_id, article) REFERENCES knowledge_base.articles (tenant_id, id)
    );
    ${tables.map(tenantOnly).join('')}
  `,
};
