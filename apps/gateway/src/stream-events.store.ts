import { Injectable } from '@nestjs/common';
import { Database } from '@clawdesk/database';
import type { ConversationChanged, TimelineEntry } from '@clawdesk/envelope';

/** A timeline entry as it goes to a screen. */
export interface StreamEvent {
  sequence: number;
  kind: string;
  /** JSON on one line. */
  data: string;
  /** Stored so long ago that nothing before it is still on its way. */
  old?: boolean;
}

/** What streams carry, by conversation and number. */
@Injectable()
export class StreamEventsStore {
  constructor(private readonly database: Database) {}

  /** Stores all entries in one statement; those that are there stay. */
  async store(tenant: string, changed: ConversationChanged): Promise<StreamEvent[]> {
    const { conversation, thread, entries } = changed;
    const events = entries.map((entry) => toStreamEvent(conversation, entry));
    await this.database.tenantScope(tenant, (manager) =>
      manager.query(
        `INSERT INTO gateway.stream_events (thread, conversation, sequence, kind, data)
         SELECT $1, $2::uuid, event.sequence, event.kind, event.data::json
           FROM unnest($3::integer[], $4::text[], $5::text[]) AS event (sequence, kind, data)
         ON CONFLICT (tenant_id, conversation, sequence) DO NOTHING`,
        [
          thread,
          conversation,
          events.map(({ sequence }) => sequence),
          events.map(({ kind }) => kind),
          events.map(({ data }) => data),
        ],
      ),
    );
    return events;
  }

  /** The events after number `after`, in order, at most `most`. */
  read(tenant: string, conversation: string, after: number, most: number): Promise<StreamEvent[]> {
    return this.database.tenantScope(tenant, (manager) =>
      manager.query<StreamEvent[]>(
        `SELECT sequence, kind, data::text AS data, created_at < now() - interval '10 minutes' AS old
           FROM gateway.stream_events
          WHERE conversation = $1 AND sequence > $2 ORDER BY sequence LIMIT $3`,
        [conversation, after, most],
      ),
    );
  }

  /**
   * Deletes at most `most` of the tenant's events that are older than so many days. What is left of a conversation begins
   * with an old one: by that it is known that nothing before it is still on its way. @returns how many
   */
  async forget(tenant: string, days: number, most: number): Promise<number> {
    const [, count] = await this.database.tenantScope(tenant, (manager) =>
      manager.query<[unknown, number]>(
        `DELETE FROM gateway.stream_events WHERE ctid = ANY (ARRAY(
           SELECT ctid FROM gateway.stream_events AS event
            WHERE created_at < now() - $1 * interval '1 day'
              AND EXISTS (SELECT FROM gateway.stream_events AS later
                           WHERE later.conversation = event.conversation AND later.sequence > event.sequence
                             AND later.created_at < now() - interval '1 hour')
            LIMIT $2))`,
        [days, most],
      ),
    );
    return count;
  }
}

function toStreamEvent(conversation: string, entry: TimelineEntry): StreamEvent {
  return { sequence: entry.sequence, kind: entry.kind, data: JSON.stringify({ ...entry, conversation }) };
}
