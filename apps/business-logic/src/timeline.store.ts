import { Injectable } from '@nestjs/common';
import { Database } from '@clawdesk/database';
import {
  Topics,
  type Envelope,
  type MessageReceived,
  type Outgoing,
  type OwnerKind,
  type TimelineEntry,
  type TurnState,
} from '@clawdesk/envelope';
import type { Conversation } from './conversations.store.js';
import { storable } from './storable-text.js';

/** An entry before it has its number. */
export type NewEntry = Omit<TimelineEntry, 'sequence'>;

/** The end of a turn; written once, unless the end so far is `unknown` and now is known. */
export interface TurnEnd {
  turn: string;
  state: TurnState;
  reason: string;
  reply?: string;
  supersededBy?: string;
}

/** What changes on the conversation together with the entries. */
export interface ConversationChange {
  state?: 'open' | 'resolved';
  owner?: OwnerKind;
  /** Null: nobody. */
  agent?: string | null;
  fence?: number;
  nothingFound?: number;
}

const changeColumns: Record<keyof ConversationChange, string> = {
  state: 'state',
  owner: 'owner',
  agent: 'agent',
  fence: 'fence',
  nothingFound: 'nothing_found',
};

/**
 * The timeline: only written while the conversation's row is locked, numbered by the counter on that row in
 * the same statement, so that numbers have no gap and no number is given twice.
 */
@Injectable()
export class TimelineStore {
  constructor(private readonly database: Database) {}

  /**
   * Puts a customer's message on the timeline, opens its turn and reopens a resolved conversation. A message that is
   * there already stays as it is.
   * @returns the entry, or undefined when it was there; then `conversation` is unchanged.
   */
  recordMessage(
    conversation: Conversation,
    message: MessageReceived,
    event: Pick<Envelope, 'tenant' | 'correlationid' | 'time'>,
  ): Promise<TimelineEntry | undefined> {
    const turn = event.correlationid;
    const at = new Date().toISOString();
    const entry: NewEntry = {
      kind: 'message',
      at,
      id: turn,
      clientId: storable(message.channelMessageId),
      author: 'contact',
      text: storable(message.text),
    };
    return this.database.tenantScope(event.tenant, async (manager) => {
      const rows: { sequence: number }[] = await manager.query(
        `WITH opened AS (
           INSERT INTO business_logic.turns AS t (id, conversation, sequence, received_at) VALUES ($2, $1, $3, $4)
           ON CONFLICT (tenant_id, id) DO UPDATE SET sequence = EXCLUDED.sequence WHERE t.sequence IS NULL
           RETURNING sequence
         ), numbered AS (
           UPDATE business_logic.conversations
              SET last_sequence = opened.sequence, last_message = $2, last_message_sequence = opened.sequence,
                  state = 'open', updated_at = $5
             FROM opened WHERE conversations.id = $1
           RETURNING last_sequence
         )
         INSERT INTO business_logic.timeline (conversation, sequence, kind, id, contact, entry, created_at)
         SELECT $1, last_sequence, 'message', $2, $6::text, $7::jsonb, $5::timestamptz FROM numbered
         RETURNING sequence`,
        [
          conversation.id,
          turn,
          conversation.lastSequence + 1,
          event.time,
          at,
          conversation.contact,
          JSON.stringify(entry),
        ],
      );
      const sequence = rows[0]?.sequence;
      if (sequence === undefined) return undefined;
      conversation.lastSequence = sequence;
      conversation.lastMessage = turn;
      conversation.lastMessageSequence = sequence;
      conversation.state = 'open';
      return { ...entry, sequence };
    });
  }

  /**
   * Appends entries and changes the conversation with them. A `reply` entry whose id is there already is left out, and
   * so is a `turn` entry when the turn had ended before.
   * @returns the entries that were written, with their numbers.
   */
  append(
    tenant: string,
    conversation: Conversation,
    entries: readonly NewEntry[],
    { end, change = {} }: { end?: TurnEnd; change?: ConversationChange } = {},
  ): Promise<TimelineEntry[]> {
    const changes = Object.entries(change) as [keyof ConversationChange, string | number | null][];
    const sets = changes.map(([name], index) => `, ${changeColumns[name]} = $${index + 10}`).join('');
    return this.database.tenantScope(tenant, async (manager) => {
      const rows: { sequence: number; entry: NewEntry }[] = await manager.query(
        `WITH ended AS (
           UPDATE business_logic.turns
              SET state = $5, reason = $6, reply = coalesce($7, reply), superseded_by = $8, ended_at = $9
            WHERE id = $4 AND (state IS NULL OR (state = 'unknown' AND $5 <> 'unknown'))
           RETURNING id
         ), wanted AS (
           SELECT given.entry, row_number() OVER (ORDER BY place)::integer AS place
             FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS given (entry, place)
            WHERE CASE given.entry ->> 'kind'
              WHEN 'turn' THEN EXISTS (SELECT FROM ended)
              WHEN 'reply' THEN NOT EXISTS (
                SELECT FROM business_logic.timeline t WHERE t.conversation = $1 AND t.id = (given.entry ->> 'id')::uuid)
              ELSE true END
         ), counted AS (SELECT count(*)::integer AS entries FROM wanted
         ), numbered AS (
           UPDATE business_logic.conversations SET last_sequence = last_sequence + entries, updated_at = $9 ${sets}
             FROM counted WHERE conversations.id = $1
           RETURNING last_sequence - entries AS before
         )
         INSERT INTO business_logic.timeline (conversation, sequence, kind, id, contact, agent, entry, created_at)
         SELECT $1, before + place, entry ->> 'kind', (entry ->> 'id')::uuid, $3::text, entry ->> 'agent', entry, $9::timestamptz
           FROM numbered, wanted ORDER BY place
         RETURNING sequence, entry`,
        [
          conversation.id,
          JSON.stringify(entries),
          conversation.contact,
          end?.turn ?? null,
          end?.state ?? null,
          end?.reason ?? null,
          end?.reply ?? null,
          end?.supersededBy ?? null,
          entries[0]?.at ?? new Date().toISOString(),
          ...changes.map(([, value]) => value),
        ],
      );
      conversation.lastSequence += rows.length;
      Object.assign(conversation, change);
      return rows
        .map(({ sequence, entry }) => ({ ...entry, sequence }))
        .sort((a, b) => a.sequence - b.sequence);
    });
  }

  /** Entries of a conversation, oldest first: the last `limit` of those before number `before`. */
  read(tenant: string, conversation: string, limit: number, before?: number): Promise<TimelineEntry[]> {
    return this.database.tenantScope(tenant, async (manager) => {
      const rows: { sequence: number; entry: NewEntry }[] = await manager.query(
        `SELECT sequence, entry FROM business_logic.timeline
          WHERE conversation = $1 AND ($2::integer IS NULL OR sequence < $2) ORDER BY sequence DESC LIMIT $3`,
        [conversation, before ?? null, limit],
      );
      return rows.reverse().map(({ sequence, entry }) => ({ ...entry, sequence }));
    });
  }
}

/** Tells the screens about new entries; nothing when there are none. */
export function changed(
  conversation: Conversation,
  entries: readonly (TimelineEntry | undefined)[],
): Outgoing[] {
  const written = entries.filter((entry) => entry !== undefined);
  const last = written.at(-1);
  if (!last) return [];
  return [
    Topics.conversationChanged.message({
      conversation: conversation.id,
      thread: conversation.thread,
      entries: written,
      sequence: last.sequence,
    }),
  ];
}
