import type { Migration } from '@clawdesk/database';

export const streamEvents: Migration = {
  name: '0001-stream-events',
  sql: `
    -- What screens show, in the order in which they show it: a copy of business-logic's timeline for resuming streams.
    CREATE TABLE gateway.stream_events (
      tenant_id text NOT NULL DEFAULT current_setting('app.tenant'),
      thread text NOT NULL,
      conversation uuid NOT NULL,
      sequence integer NOT NULL,
      kind text NOT NULL,
      -- As it goes over the wire; json and not jsonb, which cannot hold every text.
      data json NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (tenant_id, conversation, sequence)
    );
    -- For retention: rows lie in the order of their time, and this costs writers nothing.
    CREATE INDEX stream_events_age ON gateway.stream_events USING brin (created_at);
    ALTER TABLE gateway.stream_events ENABLE ROW LEVEL SECURITY;
    ALTER TABLE gateway.stream_events FORCE ROW LEVEL SECURITY;
    CREATE POLICY tenant ON gateway.stream_events
      USING (tenant_id = current_setting('app.tenant', true))
      WITH CHECK (tenant_id = current_setting('app.tenant', true));
  `,
};
