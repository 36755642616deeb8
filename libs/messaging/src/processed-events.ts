import type { EntityManager, SchemaMigrations } from '@clawdesk/database';
import type { OutgoingRecord } from './transport.js';

/** The guard against handling an event twice. Not partitioned, and kept longer than any redelivery can come. */
export const messagingSchema: SchemaMigrations = {
  schema: 'messaging',
  migrations: [
    {
      name: '0001-processed-events',
      sql: `
        CREATE TABLE messaging.processed_events (
          tenant_id text NOT NULL,
          handler text NOT NULL,
          event_id text NOT NULL,
          -- Not compressed: they are written once, read almost never, and compressing costs more than writing.
          outputs text STORAGE EXTERNAL NOT NULL,
          processed_at timestamptz NOT NULL DEFAULT now(),
          PRIMARY KEY (tenant_id, handler, event_id)
        );
        CREATE INDEX processed_events_age ON messaging.processed_events USING brin (processed_at);
        ALTER TABLE messaging.processed_events ENABLE ROW LEVEL SECURITY;
        ALTER TABLE messaging.processed_events FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON messaging.processed_events
          USING (tenant_id = current_setting('app.tenant', true))
          WITH CHECK (tenant_id = current_setting('app.tenant', true));
      `,
    },
  ],
};

interface StoredRecord {
  topic: string;
  key: string;
  headers: Record<string, string>;
  value: string;
}

/** Reads the stored outputs of those of the events that the handler has processed before. */
export async function findProcessed(
  manager: EntityManager,
  handler: string,
  eventIds: readonly string[],
): Promise<Map<string, OutgoingRecord[]>> {
  const rows: { event_id: string; outputs: string }[] = await manager.query(
    `SELECT event_id, outputs FROM messaging.processed_events
      WHERE tenant_id = current_setting('app.tenant') AND handler = $1 AND event_id = ANY($2)`,
    [handler, eventIds],
  );
  return new Map(rows.map((row) => [row.event_id, unpack(row.outputs)]));
}

export interface ProcessedEvent {
  eventId: string;
  outputs: readonly OutgoingRecord[];
}

/** Stores events with their outputs, in the transaction of their handler. */
export async function storeProcessed(
  manager: EntityManager,
  handler: string,
  events: readonly ProcessedEvent[],
): Promise<void> {
  await manager.query(
    `INSERT INTO messaging.processed_events (tenant_id, handler, event_id, outputs)
      SELECT current_setting('app.tenant'), $1, event_id, outputs FROM unnest($2::text[], $3::text[]) AS e (event_id, outputs)`,
    [handler, events.map((event) => event.eventId), events.map((event) => pack(event.outputs))],
  );
}

/**
 * Forgets at most `most` of the tenant's events that were processed more than `days` days ago: so old that no log and no
 * provider brings them again. @returns how many
 */
export async function forgetProcessed(manager: EntityManager, days: number, most: number): Promise<number> {
  const [, count] = await manager.query<[unknown, number]>(
    `DELETE FROM messaging.processed_events WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM messaging.processed_events
        WHERE processed_at < now() - $1 * interval '1 day' LIMIT $2 FOR UPDATE SKIP LOCKED))`,
    [days, most],
  );
  return count;
}

const pack = (records: readonly OutgoingRecord[]): string =>
  JSON.stringify(records.map((record) => ({ ...record, value: record.value.toString('base64') })));

const unpack = (text: string): OutgoingRecord[] =>
  (JSON.parse(text) as StoredRecord[]).map((record) => ({
    ...record,
    value: Buffer.from(record.value, 'base64'),
  }));
