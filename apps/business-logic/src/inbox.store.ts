import { Injectable } from '@nestjs/common';
import { Database } from '@clawdesk/database';
import type { OwnerKind } from '@clawdesk/envelope';

/** A conversation as lists and screens show it. */
export interface ConversationSummary {
  id: string;
  thread: string;
  contact: string;
  channel: string | null;
  state: 'open' | 'resolved';
  owner: OwnerKind;
  agent: string | null;
  /** False while a take-over waits for the bot to be silenced. */
  confirmed: boolean;
  language: string | null;
  sequence: number;
  createdAt: string;
  updatedAt: string;
}

/** Place in the list: activity and id of the last conversation of a page. */
export interface Place {
  updatedAt: string;
  id: string;
}

const columns = `c.id, c.thread, c.contact, t.channel, c.state, c.owner, c.agent,
  c.fence_confirmed >= c.fence AS confirmed, c.language, c.last_sequence AS sequence,
  to_json(c.created_at) #>> '{}' AS "createdAt", to_json(c.updated_at) #>> '{}' AS "updatedAt"`;

/** Reads conversations for people; locks nothing. */
@Injectable()
export class InboxStore {
  constructor(private readonly database: Database) {}

  /** Latest activity first. */
  list(
    tenant: string,
    filter: { state?: 'open' | 'resolved'; owner?: OwnerKind; before?: Place },
    limit: number,
  ): Promise<ConversationSummary[]> {
    return this.database.tenantScope(tenant, (manager) =>
      manager.query(
        `SELECT ${columns}
           FROM business_logic.conversations c
           LEFT JOIN business_logic.threads t ON t.tenant_id = c.tenant_id AND t.id = c.thread
          WHERE ($1::text IS NULL OR c.state = $1) AND ($2::text IS NULL OR c.owner = $2)
            AND ($3::timestamptz IS NULL OR (c.updated_at, c.id) < ($3, $4::uuid))
          ORDER BY c.updated_at DESC, c.id DESC LIMIT $5`,
        [
          filter.state ?? null,
          filter.owner ?? null,
          filter.before?.updatedAt ?? null,
          filter.before?.id ?? null,
          limit,
        ],
      ),
    );
  }

  find(tenant: string, id: string): Promise<ConversationSummary | undefined> {
    return this.database.tenantScope(tenant, async (manager) => {
      const rows: ConversationSummary[] = await manager.query(
        `SELECT ${columns}
           FROM business_logic.conversations c
           LEFT JOIN business_logic.threads t ON t.tenant_id = c.tenant_id AND t.id = c.thread
          WHERE c.id = $1`,
        [id],
      );
      return rows[0];
    });
  }
}
