import { Injectable } from '@nestjs/common';
import { Database } from '@clawdesk/database';
import type { ReplyComposed } from '@clawdesk/envelope';

@Injectable()
export class RepliesStore {
  constructor(private readonly database: Database) {}

  /**
   * Keeps the reply under its turn, unless there is one.
   * @returns the reply that is kept: the first one.
   */
  keep(tenant: string, turn: string, reply: ReplyComposed): Promise<ReplyComposed> {
    return this.database.tenantScope(tenant, async (manager) => {
      // Not waiting for the disk: were it lost, the reply would be composed again, and dispatch sends one reply id once.
      const rows: { inserted: boolean }[] = await manager.query(
        `WITH durability AS (SELECT set_config('synchronous_commit', 'off', true))
         INSERT INTO generation.replies (turn, reply) SELECT $1::uuid, $2::jsonb FROM durability
         ON CONFLICT (tenant_id, turn) DO NOTHING RETURNING true AS inserted`,
        [turn, JSON.stringify(reply)],
      );
      if (rows.length > 0) return reply;
      const kept: { reply: ReplyComposed }[] = await manager.query(
        `SELECT reply FROM generation.replies WHERE turn = $1`,
        [turn],
      );
      return kept[0]!.reply;
    });
  }
}
