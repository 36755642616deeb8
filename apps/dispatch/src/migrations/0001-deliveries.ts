import type { Migration } from '@clawdesk/database';

/** Tables are filled under `app.tenant`, so the tenant is a default and no statement can name a wrong one. */
const tenantColumn = `tenant_id text NOT NULL DEFAULT current_setting('app.tenant')`;

const tenantOnly = (table: string): string => `
  ALTER TABLE dispatch.${table} ENABLE ROW LEVEL SECURITY;
  ALTER TABLE dispatch.${table} FORCE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON dispatch.${table}
    USING (tenant_id = current_setting('app.tenant', true))
    WITH CHECK (tenant_id = current_setting('app.tenant', true));
`;

export const deliveries: Migration = {
  name: '0001-deliveries',
  sql: `
    -- The number that a bot's reply needs; no row is 0. Only ever grows.
    CREATE TABLE dispatch.fences (
      ${tenantColumn},
      conversation uuid NOT NULL,
      fence integer NOT NULL,
      PRIMARY KEY (tenant_id, conversation)
    ) WITH (fillfactor = 80);

    -- Every reply that was claimed, by its id: it is never claimed again.
    CREATE TABLE dispatch.deliveries (
      ${tenantColumn},
      reply uuid NOT NULL,
      position bigint GENERATED ALWAYS AS IDENTITY,
      conversation uuid NOT NULL,
      thread text NOT NULL,
      channel text NOT NULL,
      account text NOT NULL,
      state text NOT NULL CHECK (state IN ('claimed', 'sending', 'sent', 'failed', 'unknown')),
      -- Whether reply.delivered is on the log (or among the outputs of the claim). Until then the thread waits.
      reported boolean NOT NULL DEFAULT false,
      -- The reply and what its report needs; removed once reported.
      payload json,
      attempts integer NOT NULL DEFAULT 0,
      next_attempt_at timestamptz NOT NULL DEFAULT now(),
      provider_id text,
      detail text,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (tenant_id, reply)
    );
    CREATE INDEX deliveries_open ON dispatch.deliveries (tenant_id, channel, account, thread, position) WHERE NOT reported;

    -- One sender per channel account, over all replicas.
    CREATE TABLE dispatch.senders (
      ${tenantColumn},
      channel text NOT NULL,
      account text NOT NULL,
      holder uuid NOT NULL,
      until timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, channel, account)
    );
    ${['fences', 'deliveries', 'senders'].map(tenantOnly).join('')}
  `,
};
