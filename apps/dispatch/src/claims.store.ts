import { Injectable } from '@nestjs/common';
import { Database } from '@clawdesk/database';
import type { Envelope, ReplyComposed } from '@clawdesk/envelope';
import type { StoredReply } from './delivery.js';

/** `again`: the reply was claimed before. `fenced`: its fence is no longer in force. */
export type Claim = 'claimed' | 'again' | 'fenced';

export interface ClaimOptions {
  /** Sent and reported with the claim itself. */
  settled: boolean;
}

/** Claims: each reply once, and a bot's only while its fence is in force. */
@Injectable()
export class ClaimsStore {
  constructor(private readonly database: Database) {}

  /** One statement: the fence's row is locked (made where there is none) until the claim has committed. */
  claim(event: Envelope<ReplyComposed>, { settled }: ClaimOptions): Promise<Claim> {
    const { data: reply, correlationid, subjectkey, partitionkey, traceparent } = event;
    const stored: StoredReply | undefined = settled
      ? undefined
      : { reply, origin: { correlationid, subjectkey, key: partitionkey, traceparent } };
    return this.database.tenantScope(event.tenant, async (manager) => {
      const rows: { fenced: boolean; claimed: boolean }[] = await manager.query(
        `WITH fence AS (
           -- An insert waits for one that is under way and then sees it, where a select would see neither.
           INSERT INTO dispatch.fences AS f (conversation, fence) SELECT $2::uuid, 0 WHERE $7::integer IS NOT NULL
           ON CONFLICT (tenant_id, conversation) DO UPDATE SET fence = f.fence
           RETURNING fence
         ), claimed AS (
           INSERT INTO dispatch.deliveries (reply, conversation, thread, channel, account, state, reported, payload)
           SELECT $1::uuid, $2::uuid, $3::text, $4::text, $5::text, CASE WHEN $6::boolean THEN 'sent' ELSE 'claimed' END, $6::boolean, $8::json
            -- A newer fence than ours is one whose owner.changed is still on its way here.
            WHERE $7::integer IS NULL OR $7 >= (SELECT fence FROM fence)
           ON CONFLICT (tenant_id, reply) DO NOTHING
           RETURNING reply
         )
         SELECT coalesce($7 < (SELECT fence FROM fence), false) AS fenced, EXISTS (SELECT FROM claimed) AS claimed`,
        [
          reply.reply,
          reply.conversation,
          reply.thread,
          reply.channel,
          reply.account,
          settled,
          reply.fence ?? null,
          stored ? JSON.stringify(stored) : null,
        ],
      );
      const { fenced, claimed } = rows[0]!;
      if (claimed) return 'claimed';
      return fenced ? 'fenced' : 'again';
    });
  }
}
