import { logger } from '@clawdesk/tracing';
import type { Connection } from './connection.js';
import type { Claim, Membership } from './membership.js';

const log = logger('transport-postgres');

export interface GroupTiming {
  /** A process that shows no sign of life for so long loses its partitions, ms. @default 10000 */
  leaseMs: number;
  /** Between signs of life, ms. @default leaseMs / 4 */
  beatEveryMs: number;
}

interface ClaimRow {
  group_name: string;
  partition: number;
  owner: string | null;
  token: string;
}

/**
 * Divides partitions among the live members of each group. All memberships of a process share one sign of life.
 * Time is the server's alone: processes whose clocks differ agree on who is alive.
 */
export class Groups {
  private readonly memberships = new Map<string, Membership>();
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | undefined;
  private again = false;
  private aliveAt = 0;
  private otherInstances = 0;
  private closed = false;

  constructor(
    private readonly connection: Connection,
    private readonly instance: string,
    private readonly partitionsOf: (topic: string) => number,
    private readonly timing: GroupTiming,
  ) {}

  /** Whether another process is alive on this log. */
  get hasCompany(): boolean {
    return this.otherInstances > 0;
  }

  async beginBeating(): Promise<void> {
    await this.balance();
    this.timer = setInterval(() => this.soon(), this.timing.beatEveryMs);
  }

  async join(membership: Membership): Promise<void> {
    const { group, topic } = membership.subscription;
    if (this.memberships.has(group)) throw new Error(`This process is a member of group '${group}' already.`);
    await this.connection.query(
      'join',
      `WITH claims AS (
         INSERT INTO log.claims (group_name, topic, partition) SELECT $1, $2, generate_series(0, $4::integer - 1)
         ON CONFLICT DO NOTHING)
       INSERT INTO log.members (group_name, topic, instance) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      [group, topic, this.instance, this.partitionsOf(topic)],
    );
    this.memberships.set(group, membership);
    try {
      await this.announce();
      await this.balance();
    } catch (error) {
      // Not joined: the caller tries again with a new membership.
      await this.leave(membership);
      throw error;
    }
  }

  /** Gives the partitions of one membership free at once. */
  async leave(membership: Membership): Promise<void> {
    const { group } = membership.subscription;
    this.memberships.delete(group);
    try {
      await this.working?.catch(() => undefined);
      await this.connection.query(
        'leave',
        `WITH gone AS (DELETE FROM log.members WHERE group_name = $1 AND instance = $2)
         UPDATE log.claims SET owner = NULL WHERE group_name = $1 AND owner = $2`,
        [group, this.instance],
      );
      await this.announce();
    } catch (error) {
      log.debug({ err: error, group }, 'Could not leave the group; the lease will run out');
    }
  }

  /** Looks at the memberships soon: somebody came or went, or it is time for a sign of life. */
  soon(): void {
    this.balance().catch((error: unknown) => {
      log.debug({ err: error }, 'No sign of life could be given');
      if (performance.now() - this.aliveAt <= this.timing.leaseMs) return;
      for (const membership of this.memberships.values()) membership.uncertain();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await this.working?.catch(() => undefined);
    try {
      await this.connection.query('goodbye', 'DELETE FROM log.instances WHERE id = $1', [this.instance]);
    } catch (error) {
      log.debug({ err: error }, 'Could not say goodbye; the lease will run out');
    }
  }

  private announce(): Promise<unknown> {
    return this.connection.query('announce', `SELECT pg_notify('clawdesk_groups', $1)`, [this.instance]);
  }

  private balance(): Promise<void> {
    if (this.working) {
      this.again = true;
      return this.working;
    }
    this.working = this.balanceUntilQuiet().finally(() => (this.working = undefined));
    return this.working;
  }

  private async balanceUntilQuiet(): Promise<void> {
    do {
      this.again = false;
      await this.beat();
      if (this.memberships.size > 0) await this.divide();
    } while (this.again && !this.closed);
  }

  private async beat(): Promise<void> {
    const begun = performance.now();
    const groups = [...this.memberships.values()].map(({ subscription }) => subscription);
    // Members whose row was cleaned away while this process slept join again.
    await this.connection.query(
      'beat',
      `INSERT INTO log.instances (id, seen_at) VALUES ($1, clock_timestamp())
       ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`,
      [this.instance],
    );
    const rows = await this.connection.query<{ others: string }>(
      'rejoin',
      `WITH dead AS (
         DELETE FROM log.instances WHERE seen_at < clock_timestamp() - $4::integer * interval '10 milliseconds'
       ), rejoined AS (
         INSERT INTO log.members (group_name, topic, instance)
         SELECT g.name, g.topic, $1::uuid FROM unnest($2::text[], $3::text[]) AS g (name, topic) ON CONFLICT DO NOTHING
       )
       SELECT count(*) AS others FROM log.instances
        WHERE id <> $1::uuid AND seen_at > clock_timestamp() - $4::integer * interval '1 millisecond'`,
      [
        this.instance,
        groups.map(({ group }) => group),
        groups.map(({ topic }) => topic),
        this.timing.leaseMs,
      ],
    );
    this.otherInstances = Number(rows[0]!.others);
    this.aliveAt = begun;
  }

  private async divide(): Promise<void> {
    const names = [...this.memberships.keys()];
    const members = await this.connection.query<{ group_name: string; instance: string }>(
      'members',
      `SELECT m.group_name, m.instance FROM log.members m JOIN log.instances i ON i.id = m.instance
        WHERE m.group_name = ANY($1::text[]) AND i.seen_at > clock_timestamp() - $2::integer * interval '1 millisecond'
        ORDER BY m.group_name, m.instance`,
      [names, this.timing.leaseMs],
    );
    const claims = await this.connection.query<ClaimRow>(
      'claims',
      'SELECT group_name, partition, owner, token FROM log.claims WHERE group_name = ANY($1::text[])',
      [names],
    );
    for (const [group, membership] of this.memberships) {
      await this.reconcile(
        membership,
        members.filter((row) => row.group_name === group).map(({ instance }) => instance),
        claims.filter((row) => row.group_name === group),
      );
    }
  }

  private async reconcile(
    membership: Membership,
    live: readonly string[],
    claims: readonly ClaimRow[],
  ): Promise<void> {
    const { holding } = membership;
    const mine = live.indexOf(this.instance);
    const wanted = claims.filter(({ partition }) => mine >= 0 && partition % live.length === mine);
    const wantedPartitions = new Set(wanted.map(({ partition }) => partition));
    const current = new Map(claims.map((claim) => [claim.partition, claim]));
    const lost = [...holding].filter(([partition, { token }]) => {
      const claim = current.get(partition);
      return claim?.owner !== this.instance || claim.token !== token;
    });
    membership.lose(lost.map(([partition]) => partition));
    const surplus = [...holding.keys()].filter((partition) => !wantedPartitions.has(partition));
    if (surplus.length > 0) {
      membership.lose(surplus);
      // Before anybody else can have them: until it is told, the sink goes on starting what it has queued of them.
      membership.settle();
      await this.release(membership.subscription.group, surplus);
      await this.announce();
    }
    const missing = wanted
      .filter(({ partition }) => !holding.has(partition))
      .map(({ partition }) => partition);
    if (missing.length > 0) membership.gain(await this.acquire(membership.subscription.group, missing));
    membership.settle();
  }

  private release(group: string, partitions: readonly number[]): Promise<unknown> {
    return this.connection.query(
      'release',
      'UPDATE log.claims SET owner = NULL WHERE group_name = $1 AND owner = $2 AND partition = ANY($3::integer[])',
      [group, this.instance, partitions],
    );
  }

  /** Claims what nobody alive holds. */
  private async acquire(group: string, partitions: readonly number[]): Promise<Claim[]> {
    const rows = await this.connection.query<{ partition: number; token: string; committed: string }>(
      'acquire',
      `UPDATE log.claims c SET owner = $2, token = c.token + 1
        WHERE c.group_name = $1 AND c.partition = ANY($3::integer[])
          AND (c.owner IS NULL OR c.owner = $2 OR NOT EXISTS (
            SELECT FROM log.instances i WHERE i.id = c.owner
               AND i.seen_at > clock_timestamp() - $4::integer * interval '1 millisecond'))
      RETURNING c.partition, c.token, c.committed`,
      [group, this.instance, partitions, this.timing.leaseMs],
    );
    return rows.map((row) => ({ ...row, committed: Number(row.committed) }));
  }
}
