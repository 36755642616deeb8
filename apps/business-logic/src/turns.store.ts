import { Injectable } from '@nestjs/common';
import { Database } from '@clawdesk/database';
import type { ContextTurn, Decision, TurnState } from '@clawdesk/envelope';
import type { Conversation } from './conversations.store.js';

export interface Turn {
  id: string;
  sequence: number | null;
  state: TurnState | null;
  decision: Decision | null;
  intent: string | null;
  topic: string | null;
  attempt: number;
}

/** One message of the conversation's past, newest last. */
export interface PastMessage extends ContextTurn {
  id: string;
}

/** What is known up to one message of a conversation. */
export interface Past {
  /** The message's own turn; undefined when the message has not been recorded. */
  turn: Turn | undefined;
  /** Turns of earlier messages, newest first. */
  earlier: Turn[];
  /** Earlier messages and replies, oldest first. */
  messages: PastMessage[];
}

export interface DecisionRecord {
  decision: Decision;
  reason: string;
  intent: string | undefined;
  confidence: number | undefined;
  topic: string | undefined;
  passages: readonly string[];
  language: string;
  /** Questions in a row without an answer, from now on. */
  nothingFound: number;
}

const turnFields = `json_build_object('id', id, 'sequence', sequence, 'state', state, 'decision', decision,
  'intent', intent, 'topic', topic, 'attempt', attempt)`;

@Injectable()
export class TurnsStore {
  constructor(private readonly database: Database) {}

  /** The turn of a message and what came before it: nothing that was numbered after it. */
  past(
    tenant: string,
    conversation: string,
    turn: string,
    limits: { messages: number; characters: number },
  ): Promise<Past> {
    return this.database.tenantScope(tenant, async (manager) => {
      const rows: { turn: Turn | null; earlier: Turn[] | null; messages: PastMessage[] | null }[] =
        await manager.query(
          `WITH this AS (
           SELECT * FROM business_logic.turns WHERE id = $2
         ), edge AS (SELECT coalesce((SELECT sequence FROM this), 2147483647) AS sequence)
         SELECT
           (SELECT ${turnFields} FROM this) AS turn,
           (SELECT json_agg(${turnFields} ORDER BY sequence DESC) FROM (
              SELECT t.* FROM business_logic.turns t, edge
               WHERE t.conversation = $1 AND t.sequence < edge.sequence ORDER BY t.sequence DESC LIMIT $3) AS e) AS earlier,
           (SELECT json_agg(json_build_object('id', id, 'author', entry ->> 'author', 'text', left(entry ->> 'text', $4))
                            ORDER BY sequence) FROM (
              SELECT t.id, t.entry, t.sequence FROM business_logic.timeline t, edge
               WHERE t.conversation = $1 AND t.sequence < edge.sequence AND t.kind IN ('message', 'reply')
               ORDER BY t.sequence DESC LIMIT $3) AS m) AS messages`,
          [conversation, turn, limits.messages, limits.characters],
        );
      const row = rows[0]!;
      return { turn: row.turn ?? undefined, earlier: row.earlier ?? [], messages: row.messages ?? [] };
    });
  }

  find(tenant: string, id: string): Promise<Turn | undefined> {
    return this.database.tenantScope(tenant, async (manager) => {
      const rows: { turn: Turn }[] = await manager.query(
        `SELECT ${turnFields} AS turn FROM business_logic.turns WHERE id = $1`,
        [id],
      );
      return rows[0]?.turn;
    });
  }

  /** Opens a turn whose message has not been recorded; the message gets its number when it comes. */
  async openUnrecorded(tenant: string, id: string, conversation: string, receivedAt: string): Promise<void> {
    await this.database.tenantScope(tenant, (manager) =>
      manager.query(
        `INSERT INTO business_logic.turns (id, conversation, received_at) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id, id) DO NOTHING`,
        [id, conversation, receivedAt],
      ),
    );
  }

  /**
   * Writes the decision on a turn, and its language and outcome on the conversation.
   * @returns false when the turn had been decided or had ended before; then nothing is written.
   */
  decide(tenant: string, conversation: Conversation, turn: string, record: DecisionRecord): Promise<boolean> {
    return this.database.tenantScope(tenant, async (manager) => {
      const rows: unknown[] = await manager.query(
        `WITH decided AS (
           UPDATE business_logic.turns
              SET decision = $3, reason = $4, intent = $5, confidence = $6, topic = $7, passages = $8, decided_at = now()
            WHERE id = $2 AND decision IS NULL AND state IS NULL
           RETURNING id
         ), spoken AS (
           UPDATE business_logic.conversations SET language = $9, nothing_found = $10
            WHERE id = $1 AND (language IS DISTINCT FROM $9 OR nothing_found <> $10) AND EXISTS (SELECT FROM decided)
           RETURNING contact
         ), contact AS (
           UPDATE business_logic.contacts SET language = $9
            WHERE id = (SELECT contact FROM spoken) AND language IS DISTINCT FROM $9
         )
         SELECT id FROM decided`,
        [
          conversation.id,
          turn,
          record.decision,
          record.reason,
          record.intent ?? null,
          record.confidence ?? null,
          record.topic ?? null,
          record.passages,
          record.language,
          record.nothingFound,
        ],
      );
      return rows.length > 0;
    });
  }

  /**
   * Notes that a second retrieval is under way.
   * @returns false when it was already, or the turn has been decided or has ended.
   */
  retrieveAgain(
    tenant: string,
    turn: string,
    { attempt, topic, intent }: { attempt: number; topic: string; intent: string | undefined },
  ): Promise<boolean> {
    return this.database.tenantScope(tenant, async (manager) => {
      const rows: unknown[] = await manager.query(
        `WITH asked AS (
           UPDATE business_logic.turns SET attempt = $2, intent = $3, topic = $4
            WHERE id = $1 AND attempt < $2 AND decision IS NULL AND state IS NULL
           RETURNING id
         ) SELECT id FROM asked`,
        [turn, attempt, intent ?? null, topic],
      );
      return rows.length > 0;
    });
  }
}
