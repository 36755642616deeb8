import { Injectable } from '@nestjs/common';
import { Database } from '@clawdesk/database';
import type { Account, Delivery, Settlement, StoredReply, UnreportedDelivery } from './delivery.js';

interface SettledRow {
  payload: StoredReply;
  state: Settlement['outcome'];
  provider_id: string | null;
  detail: string | null;
}

/** The way of a claimed delivery: `claimed → sending → sent | failed | unknown`, then reported. */
@Injectable()
export class SendsStore {
  constructor(private readonly database: Database) {}

  /** Channel accounts of the tenant with deliveries that are not done. */
  openAccounts(tenant: string): Promise<Account[]> {
    return this.database.tenantScope(tenant, async (manager) => {
      const rows: Omit<Account, 'tenant'>[] = await manager.query(
        `SELECT DISTINCT channel, account FROM dispatch.deliveries WHERE NOT reported`,
      );
      return rows.map((row) => ({ tenant, ...row }));
    });
  }

  /**
   * Makes this process the account's only sender for a while, or keeps it that.
   * @returns until when (by this process's clock), or undefined while another one is.
   */
  hold({ tenant, channel, account }: Account, holder: string, leaseMs: number): Promise<number | undefined> {
    const until = Date.now() + leaseMs;
    return this.database.tenantScope(tenant, async (manager) => {
      const rows: unknown[] = await manager.query(
        `INSERT INTO dispatch.senders AS s (channel, account, holder, until)
         VALUES ($1, $2, $3, clock_timestamp() + $4 * interval '1 ms')
         ON CONFLICT (tenant_id, channel, account) DO UPDATE SET holder = EXCLUDED.holder, until = EXCLUDED.until
           WHERE s.holder = EXCLUDED.holder OR s.until < clock_timestamp()
         RETURNING holder`,
        [channel, account, holder, leaseMs],
      );
      return rows.length > 0 ? until : undefined;
    });
  }

  release({ tenant, channel, account }: Account, holder: string): Promise<void> {
    return this.database.tenantScope(tenant, async (manager) => {
      await manager.query(
        `DELETE FROM dispatch.senders WHERE channel = $1 AND account = $2 AND holder = $3`,
        [channel, account, holder],
      );
    });
  }

  /**
   * Settles what the account's sender before this one was sending when it died: nobody knows whether it was sent.
   * @param again the channel recognises a reply that is sent again, so it may be.
   */
  takeOver({ tenant, channel, account }: Account, again: boolean): Promise<void> {
    return this.database.tenantScope(tenant, async (manager) => {
      await manager.query(
        `UPDATE dispatch.deliveries
            SET state = CASE WHEN $3 THEN 'claimed' ELSE 'unknown' END, updated_at = now(),
                detail = 'The sender ended before it knew whether this was sent.'
          WHERE channel = $1 AND account = $2 AND state = 'sending' AND NOT reported`,
        [channel, account, again],
      );
    });
  }

  /**
   * Begins to send: the head of each thread that is due, at most `most`, longest claimed first. What is before it in its
   * thread must be reported.
   */
  begin({ tenant, channel, account }: Account, most: number): Promise<Delivery[]> {
    return this.database.tenantScope(tenant, async (manager) => {
      const [rows]: [{ payload: StoredReply; attempts: number }[], number] = await manager.query(
        `WITH head AS (
           SELECT DISTINCT ON (thread) reply FROM dispatch.deliveries
            WHERE channel = $1 AND account = $2 AND NOT reported ORDER BY thread, position
         ), picked AS (
           SELECT d.reply FROM dispatch.deliveries d JOIN head USING (reply)
            WHERE d.state = 'claimed' AND d.next_attempt_at <= clock_timestamp()
            ORDER BY d.position LIMIT $3 FOR UPDATE OF d SKIP LOCKED
         )
         UPDATE dispatch.deliveries d SET state = 'sending', attempts = attempts + 1, updated_at = now()
           FROM picked WHERE d.reply = picked.reply
         RETURNING d.payload, d.attempts`,
        [channel, account, most],
      );
      return rows.map(({ payload, attempts }) => ({ ...payload, attempts }));
    });
  }

  /** Back to `claimed`: to be tried again, not before `delayMs`. */
  postpone(tenant: string, reply: string, delayMs: number, detail: string | undefined): Promise<void> {
    return this.database.tenantScope(tenant, async (manager) => {
      await manager.query(
        `UPDATE dispatch.deliveries
            SET state = 'claimed', next_attempt_at = clock_timestamp() + $2 * interval '1 ms', detail = $3, updated_at = now()
          WHERE reply = $1 AND state = 'sending'`,
        [reply, delayMs, detail ?? null],
      );
    });
  }

  settle(tenant: string, reply: string, { outcome, providerId, detail }: Settlement): Promise<void> {
    return this.database.tenantScope(tenant, async (manager) => {
      await manager.query(
        `UPDATE dispatch.deliveries SET state = $2, provider_id = $3, detail = $4, updated_at = now()
          WHERE reply = $1 AND state = 'sending'`,
        [reply, outcome, providerId ?? null, detail ?? null],
      );
    });
  }

  /** What is settled and not yet reported, in order. */
  unreported({ tenant, channel, account }: Account): Promise<UnreportedDelivery[]> {
    return this.database.tenantScope(tenant, async (manager) => {
      const rows: SettledRow[] = await manager.query(
        `SELECT payload, state, provider_id, detail FROM dispatch.deliveries
          WHERE channel = $1 AND account = $2 AND NOT reported AND state IN ('sent', 'failed', 'unknown')
          ORDER BY position LIMIT 100`,
        [channel, account],
      );
      return rows.map(({ payload, state, provider_id, detail }) => ({
        ...payload,
        outcome: state,
        ...(provider_id !== null && { providerId: provider_id }),
        // A detail of an earlier attempt says nothing about one that succeeded.
        ...(detail !== null && state !== 'sent' && { detail }),
      }));
    });
  }

  reported(tenant: string, reply: string): Promise<void> {
    return this.database.tenantScope(tenant, async (manager) => {
      await manager.query(
        `UPDATE dispatch.deliveries SET reported = true, payload = NULL, updated_at = now() WHERE reply = $1`,
        [reply],
      );
    });
  }
}
