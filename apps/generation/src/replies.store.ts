import { Injectable } from '@nestjs/common';
import { Database } from '@clawdesk/database';
import type { ReplyComposed } from '@clawdesk/envelope';

interface Waiting {
  turn: string;
  reply: ReplyComposed;
  resolve(kept: ReplyComposed): void;
  reject(error: unknown): void;
}

/** Replies written in one statement at the most. */
const mostAtOnce = 64;

/** Composed replies by turn. Those that wait at the same time share a transaction. */
@Injectable()
export class RepliesStore {
  private readonly queues = new Map<string, Waiting[]>();

  constructor(private readonly database: Database) {}

  /**
   * Keeps the reply under its turn, unless there is one.
   * @returns the reply that is kept: the first one.
   */
  keep(tenant: string, turn: string, reply: ReplyComposed): Promise<ReplyComposed> {
    return new Promise((resolve, reject) => {
      const waiting = { turn, reply, resolve, reject };
      const queue = this.queues.get(tenant);
      if (queue) {
        queue.push(waiting);
        return;
      }
      this.queues.set(tenant, [waiting]);
      setImmediate(() => void this.drain(tenant));
    });
  }

  private async drain(tenant: string): Promise<void> {
    const queue = this.queues.get(tenant)!;
    while (queue.length > 0) {
      const batch = queue.splice(0, mostAtOnce);
      try {
        const kept = await this.keepAll(tenant, batch);
        for (const { turn, resolve } of batch) resolve(kept.get(turn)!);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.queues.delete(tenant);
  }

  private keepAll(tenant: string, batch: readonly Waiting[]): Promise<Map<string, ReplyComposed>> {
    // One turn may come twice at once, after a rebalance: its first reply counts.
    const kept = new Map<string, ReplyComposed>();
    for (const { turn, reply } of batch) if (!kept.has(turn)) kept.set(turn, reply);
    const turns = [...kept.keys()];
    return this.database.tenantScope(tenant, async (manager) => {
      // Not waiting for the disk: were it lost, the reply would be composed again, and dispatch sends one reply id once.
      const written: { turn: string }[] = await manager.query(
        `WITH durability AS (SELECT set_config('synchronous_commit', 'off', true))
         INSERT INTO generation.replies (turn, reply)
         SELECT given.turn, given.reply FROM durability, unnest($1::uuid[], $2::jsonb[]) AS given (turn, reply)
         ON CONFLICT (tenant_id, turn) DO NOTHING RETURNING turn`,
        [turns, [...kept.values()].map((reply) => JSON.stringify(reply))],
      );
      if (written.length === turns.length) return kept;
      const rows: { turn: string; reply: ReplyComposed }[] = await manager.query(
        `SELECT turn, reply FROM generation.replies WHERE turn = ANY($1::uuid[])`,
        [turns],
      );
      return new Map(rows.map(({ turn, reply }) => [turn, reply]));
    });
  }
}
