import type { Migration } from '@clawdesk/database';

/**
 * Row-level security adds `tenant_id = …` to every statement. While a table is small, an index that begins with the tenant and
 * one with the tenant and the id cost the same to the planner, which then takes the one made last; and a prepared statement
 * keeps that plan while the table grows: a turn looked up by its id walked all turns of its tenant. So an index
 * that can do without the tenant does (ids of conversations are unique over all tenants), and the primary key of
 * `conversations` is made last. `turns_open` and `turns_by_intent` had no reader.
 */
export const indexes: Migration = {
  name: '0003-indexes',
  sql: `
    DROP INDEX business_logic.turns_open;
    DROP INDEX business_logic.turns_by_intent;
    DROP INDEX business_logic.turns_of_conversation;
    CREATE INDEX turns_of_conversation ON business_logic.turns (conversation, sequence);
    ALTER TABLE business_logic.conversations DROP CONSTRAINT conversations_pkey, ADD PRIMARY KEY (tenant_id, id);
  `,
};
