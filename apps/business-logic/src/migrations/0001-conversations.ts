import type { Migration } from '@clawdesk/database';

const tables = ['contacts', 'threads', 'conversations', 'turns', 'commands'];

/** Tables are filled under `app.tenant`, so the tenant is a default and no statement can name a wrong one. */
const tenantColumn = `tenant_id text NOT NULL DEFAULT current_setting('app.tenant')`;

const tenantOnly = (table: string): string => `
  ALTER TABLE business_logic.${table} ENABLE ROW LEVEL SECURITY;
  ALTER TABLE business_logic.${table} FORCE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON business_logic.${table}
    USING (tenant_id = current_setting('app.tenant', true))
    WITH CHECK (tenant_id = current_setting('app.tenant', true));
  GRANT SELECT, INSERT, UPDATE, DELETE ON business_logic.${table} TO {{app}};
`;

export const conversations: Migration = {
  name: '0001-conversations',
  sql: `
    CREATE SCHEMA IF NOT EXISTS business_logic;
    GRANT USAGE ON SCHEMA business_logic TO {{app}}, {{platform}};

    CREATE TABLE business_logic.contacts (
      ${tenantColumn},
      id text NOT NULL,
      channel text NOT NULL,
      contact_point text NOT NULL,
      language text,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (tenant_id, id)
    );

    CREATE TABLE business_logic.threads (
      ${tenantColumn},
      id text NOT NULL,
      channel text NOT NULL,
      account text NOT NULL,
      contact text NOT NULL,
      conversation uuid NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (tenant_id, id)
    );

    CREATE TABLE business_logic.conversations (
      ${tenantColumn},
      id uuid NOT NULL,
      thread text NOT NULL,
      contact text NOT NULL,
      state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'resolved')),
      owner text NOT NULL DEFAULT 'bot' CHECK (owner IN ('bot', 'waiting', 'person')),
      agent text,
      fence integer NOT NULL DEFAULT 0,
      fence_confirmed integer NOT NULL DEFAULT 0,
      last_sequence integer NOT NULL DEFAULT 0,
      last_message uuid,
      last_message_sequence integer NOT NULL DEFAULT 0,
      language text,
      nothing_found integer NOT NULL DEFAULT 0,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (tenant_id, id)
    ) WITH (fillfactor = 80);
    CREATE INDEX conversations_by_activity ON business_logic.conversations (tenant_id, updated_at, id);

    CREATE TABLE business_logic.turns (
      ${tenantColumn},
      id uuid NOT NULL,
      conversation uuid NOT NULL,
      -- Number of the customer's message; null while the turn is known only by its failure.
      sequence integer,
      -- Null until the turn has ended.
      state text CHECK (state IN ('answered', 'with-person', 'superseded', 'suppressed', 'failed', 'unknown')),
      decision text,
      reason text,
      intent text,
      confidence real,
      -- The standing question: follow-ups are searched together with it.
      topic text,
      attempt integer NOT NULL DEFAULT 1,
      passages text[],
      reply uuid,
      superseded_by uuid,
      received_at timestamptz NOT NULL,
      decided_at timestamptz,
      ended_at timestamptz,
      PRIMARY KEY (tenant_id, id)
    ) WITH (fillfactor = 80);
    CREATE INDEX turns_of_conversation ON business_logic.turns (tenant_id, conversation, sequence);
    CREATE INDEX turns_by_intent ON business_logic.turns (tenant_id, intent, confidence) WHERE intent IS NOT NULL;
    CREATE INDEX turns_open ON business_logic.turns (tenant_id, received_at) WHERE state IS NULL;

    CREATE TABLE business_logic.commands (
      ${tenantColumn},
      conversation uuid NOT NULL,
      id uuid NOT NULL,
      type text NOT NULL,
      agent text NOT NULL,
      result text NOT NULL CHECK (result IN ('accepted', 'rejected')),
      reason text,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (tenant_id, conversation, id)
    );
    ${tables.map(tenantOnly).join('')}
  `,
};
