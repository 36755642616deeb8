import { Injectable } from '@nestjs/common';
import { Database } from '@clawdesk/database';
import type { ConversationCommanded } from '@clawdesk/envelope';

/** What became of a command. */
export interface CommandResult {
  id: string;
  type: string;
  agent: string;
  result: 'accepted' | 'rejected';
  /** Why it was rejected, as a stable word. */
  reason: string | null;
  at: string;
}

@Injectable()
export class CommandsStore {
  constructor(private readonly database: Database) {}

  /** @returns false when the command had been run before; then nothing is written. */
  record(tenant: string, command: ConversationCommanded, reason: string | undefined): Promise<boolean> {
    return this.database.tenantScope(tenant, async (manager) => {
      const rows: unknown[] = await manager.query(
        `INSERT INTO business_logic.commands (conversation, id, type, agent, result, reason)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, conversation, id) DO NOTHING RETURNING id`,
        [
          command.conversation,
          command.command,
          command.type,
          command.agent,
          reason ? 'rejected' : 'accepted',
          reason ?? null,
        ],
      );
      return rows.length > 0;
    });
  }

  find(tenant: string, conversation: string, id: string): Promise<CommandResult | undefined> {
    return this.database.tenantScope(tenant, async (manager) => {
      const rows: CommandResult[] = await manager.query(
        `SELECT id, type, agent, result, reason, created_at AS at FROM business_logic.commands
          WHERE conversation = $1 AND id = $2`,
        [conversation, id],
      );
      return rows[0];
    });
  }
}
