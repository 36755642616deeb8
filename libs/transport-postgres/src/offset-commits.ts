import { StaleAssignmentError } from '@clawdesk/messaging';
import type { Connection } from './connection.js';

interface Position {
  group: string;
  partition: number;
  token: string;
  offset: number;
}

interface Waiting {
  positions: readonly Position[];
  resolve(): void;
  reject(error: unknown): void;
}

const keyOf = ({ group, partition }: { group: string; partition: number }): string => `${group} ${partition}`;

/** Commits the positions of all groups of this process together, a few times a second, in one statement. */
export class OffsetCommits {
  private waiting: Waiting[] = [];
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> = Promise.resolve();

  constructor(
    private readonly connection: Connection,
    private readonly instance: string,
    private readonly everyMs = 100,
  ) {}

  /** @throws {StaleAssignmentError} when another member owns one of the partitions by now. */
  add(positions: readonly Position[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ positions, resolve, reject });
      this.timer ??= setTimeout(() => void this.flush(), this.everyMs);
    });
  }

  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.working = this.working.then(() => this.commit(this.waiting.splice(0)));
    return this.working;
  }

  private async commit(batch: readonly Waiting[]): Promise<void> {
    if (batch.length === 0) return;
    // The last position of a partition wins; an update must not meet a row twice.
    const latest = new Map(batch.flatMap(({ positions }) => positions.map((p) => [keyOf(p), p] as const)));
    const all = [...latest.values()];
    try {
      const rows = await this.connection.query<{ group_name: string; partition: number }>(
        'commit',
        `UPDATE log.claims c SET committed = g.committed
           FROM unnest($2::text[], $3::integer[], $4::bigint[], $5::bigint[]) AS g (group_name, partition, token, committed)
          WHERE c.group_name = g.group_name AND c.partition = g.partition AND c.owner = $1 AND c.token = g.token
        RETURNING c.group_name, c.partition`,
        [
          this.instance,
          all.map(({ group }) => group),
          all.map(({ partition }) => partition),
          all.map(({ token }) => token),
          all.map(({ offset }) => offset),
        ],
      );
      const done = new Set(rows.map((row) => keyOf({ group: row.group_name, partition: row.partition })));
      for (const { positions, resolve, reject } of batch) {
        const stale = positions.find((position) => !done.has(keyOf(position)));
        if (stale) reject(new StaleAssignmentError(stale.group));
        else resolve();
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
