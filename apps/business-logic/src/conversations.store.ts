import { Injectable } from '@nestjs/common';
import { Database } from '@clawdesk/database';
import type { MessageReceived, OwnerKind } from '@clawdesk/envelope';

/** A conversation's row as it is under its lock. */
export interface Conversation {
  id: string;
  thread: string;
  contact: string;
  state: 'open' | 'resolved';
  owner: OwnerKind;
  agent: string | null;
  /** Number that a bot's reply needs; grows whenever somebody else is to answer. */
  fence: number;
  /** Highest fence that dispatch has put in force. */
  fenceConfirmed: number;
  lastSequence: number;
  /** The newest customer message and its number. */
  lastMessage: string | null;
  lastMessageSequence: number;
  language: string | null;
  /** Questions in a row to which nothing was found. */
  nothingFound: number;
}

/** Where replies of a conversation go. */
export interface Address {
  channel: string;
  account: string;
  contactPoint: string;
}

const columns = `id, thread, contact, state, owner, agent, fence, fence_confirmed AS "fenceConfirmed",
  last_sequence AS "lastSequence", last_message AS "lastMessage", last_message_sequence AS "lastMessageSequence",
  language, nothing_found AS "nothingFound"`;

/**
 * Every handler locks the conversation's row first, and reads what else it needs in a later statement: the lock may
 * have waited for another transaction, whose work only a new statement sees.
 */
@Injectable()
export class ConversationsStore {
  constructor(private readonly database: Database) {}

  /** Locks the conversation. Undefined when there is none. */
  lock(tenant: string, id: string): Promise<Conversation | undefined> {
    return this.database.tenantScope(tenant, async (manager) => {
      const rows: Conversation[] = await manager.query(
        `SELECT ${columns} FROM business_logic.conversations WHERE id = $1 FOR UPDATE`,
        [id],
      );
      return rows[0];
    });
  }

  /** Creates contact, thread and conversation of a message where they are missing, and locks the conversation. */
  open(tenant: string, id: string, contact: string, message: MessageReceived): Promise<Conversation> {
    return this.database.tenantScope(tenant, async (manager) => {
      const rows: Conversation[] = await manager.query(
        `WITH contact AS (
           INSERT INTO business_logic.contacts (id, channel, contact_point, language) VALUES ($3, $4, $5, $7)
           ON CONFLICT (tenant_id, id) DO NOTHING
         ), thread AS (
           INSERT INTO business_logic.threads (id, channel, account, contact, conversation) VALUES ($2, $4, $6, $3, $1)
           ON CONFLICT (tenant_id, id) DO NOTHING
         )
         INSERT INTO business_logic.conversations AS c (id, thread, contact) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id, id) DO UPDATE SET contact = EXCLUDED.contact
         RETURNING ${columns}`,
        [
          id,
          message.thread,
          contact,
          message.channel,
          message.contactPoint,
          message.account,
          message.locale ?? null,
        ],
      );
      return rows[0]!;
    });
  }

  /** Creates the conversation of a thread of which nothing else is known yet, and locks it. */
  openUnaddressed(tenant: string, id: string, thread: string, contact: string): Promise<Conversation> {
    return this.database.tenantScope(tenant, async (manager) => {
      const rows: Conversation[] = await manager.query(
        `INSERT INTO business_logic.conversations AS c (id, thread, contact) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id, id) DO UPDATE SET contact = c.contact
         RETURNING ${columns}`,
        [id, thread, contact],
      );
      return rows[0]!;
    });
  }

  /** Puts it on record that dispatch has the fence in force. */
  async confirmFence(tenant: string, id: string, fence: number): Promise<void> {
    await this.database.tenantScope(tenant, (manager) =>
      manager.query(`UPDATE business_logic.conversations SET fence_confirmed = $2 WHERE id = $1`, [
        id,
        fence,
      ]),
    );
  }

  /** Where to reply. Undefined while no message of the thread has been recorded. */
  address(tenant: string, thread: string): Promise<Address | undefined> {
    return this.database.tenantScope(tenant, async (manager) => {
      const rows: Address[] = await manager.query(
        `SELECT t.channel, t.account, c.contact_point AS "contactPoint"
           FROM business_logic.threads t JOIN business_logic.contacts c ON c.tenant_id = t.tenant_id AND c.id = t.contact
          WHERE t.id = $1`,
        [thread],
      );
      return rows[0];
    });
  }
}
