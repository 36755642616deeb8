import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EntityManager } from '@clawdesk/database';
import type { Envelope } from '@clawdesk/envelope';
import { openDatabase, until, type OpenDatabase } from '@clawdesk/testing';
import { continueTrace, currentTraceIds } from '@clawdesk/tracing';
import type { Delivery, Handle, RegisteredHandler } from '../src/delivery.js';
import { forgetProcessed, messagingSchema } from '../src/processed-events.js';
import { RevokedError } from '../src/revoked.js';
import { TransactionBatches } from '../src/transaction-batches.js';

describe('records of one handler that wait at the same time', () => {
  let server: OpenDatabase;
  let batches: TransactionBatches;

  beforeAll(async () => {
    server = await openDatabase({
      schema: 'messaging',
      migrations: [
        ...messagingSchema.migrations,
        {
          name: 'notes',
          sql: `CREATE TABLE messaging.notes (
                  tenant_id text NOT NULL DEFAULT current_setting('app.tenant'), text text NOT NULL);
                ALTER TABLE messaging.notes ENABLE ROW LEVEL SECURITY;
                ALTER TABLE messaging.notes FORCE ROW LEVEL SECURITY;
                CREATE POLICY tenant ON messaging.notes USING (tenant_id = current_setting('app.tenant', true));`,
        },
      ],
    });
    batches = new TransactionBatches(server.database);
  });
  afterAll(() => server.close());

  const inTenant = <T>(work: (manager: EntityManager) => Promise<T>): Promise<T> =>
    server.database.tenantScope('acme', work);
  const note = (text: string): Promise<unknown> =>
    inTenant((manager) => manager.query('INSERT INTO messaging.notes (text) VALUES ($1)', [text]));
  const notes = async (like: string): Promise<string[]> => {
    const rows = await inTenant((manager) =>
      manager.query<{ text: string }[]>('SELECT text FROM messaging.notes WHERE text LIKE $1 ORDER BY text', [
        `${like}%`,
      ]),
    );
    return rows.map(({ text }) => text);
  };
  const run = (handler: string, work: () => Promise<unknown>, signal?: AbortSignal): Promise<unknown> => {
    const next: Handle = async () => {
      await work();
      return [];
    };
    return batches.run(deliveryOf(handler, signal), next);
  };

  it('run side by side in one transaction', async () => {
    const handler = randomUUID();
    const begun: string[] = [];
    const transactions = new Set<string>();
    let letGo!: () => void;
    const bothBegan = new Promise<void>((resolve) => (letGo = resolve));
    const work = (name: string) => async (): Promise<void> => {
      begun.push(name);
      if (begun.length === 2) letGo();
      await bothBegan;
      const [row] = await inTenant((manager) =>
        manager.query<{ id: string }[]>('SELECT pg_current_xact_id()::text AS id'),
      );
      transactions.add(row!.id);
    };
    await Promise.all([run(handler, work('a')), run(handler, work('b'))]);
    expect(transactions.size).toBe(1);
  });

  it('do not wait for a transaction that takes long, whichever of two it is', async () => {
    const handler = randomUUID();
    const held: (() => void)[] = [];
    const slow = (): Promise<unknown> =>
      run(handler, () => new Promise<void>((resolve) => held.push(resolve)));
    const first = slow();
    await until(() => held.length === 1, { what: 'the slow one to begin' });
    await run(handler, () => note(`${handler} past the first`));
    held[0]!();
    const second = slow();
    await first;
    await until(() => held.length === 2, { what: 'the second slow one to begin' });
    await run(handler, () => note(`${handler} past the second`));
    held[1]!();
    await second;
    expect(await notes(handler)).toHaveLength(2);
  });

  it('undo what they did, and run again alone, when one of them fails', async () => {
    const handler = randomUUID();
    const failing = run(handler, async () => {
      await note(`${handler} bad`);
      throw new Error('No');
    });
    const good = ['a', 'b'].map((name) => run(handler, () => note(`${handler} ${name}`)));
    await expect(failing).rejects.toThrow('No');
    await Promise.all(good);
    expect(await notes(handler)).toEqual([`${handler} a`, `${handler} b`]);
  });

  it('log in the trace of their own message', async () => {
    const handler = randomUUID();
    const traces = ['a', 'b', 'c'].map((letter) => letter.repeat(32));
    const seen: (string | undefined)[] = [];
    await Promise.all(
      traces.map((trace, index) =>
        continueTrace('work', `00-${trace}-${'1'.repeat(16)}-01`, {}, () =>
          run(handler, async () => {
            await note(`${handler} ${index}`);
            seen[index] = currentTraceIds()?.traceId;
          }),
        ),
      ),
    );
    expect(seen).toEqual(traces);
  });

  it('are not begun once their partition is gone; their neighbours are', async () => {
    const handler = randomUUID();
    const revoked = AbortSignal.abort(new RevokedError('gone'));
    const gone = run(handler, () => note(`${handler} gone`), revoked);
    const kept = run(handler, () => note(`${handler} kept`));
    await expect(gone).rejects.toThrow(RevokedError);
    await kept;
    expect(await notes(handler)).toEqual([`${handler} kept`]);
  });

  it('may roll back to a savepoint of their own without undoing anything of the others', async () => {
    const handler = randomUUID();
    const careful = run(handler, () =>
      inTenant(async (manager) => {
        await note(`${handler} before`);
        await manager
          .transaction(async () => {
            await note(`${handler} undone`);
            throw new Error('undo');
          })
          .catch((error: Error) => {
            if (error.message !== 'undo') throw error;
          });
      }),
    );
    const other = run(handler, async () => {
      for (const number of [1, 2, 3, 4, 5]) await note(`${handler} other ${number}`);
    });
    await Promise.all([careful, other]);
    expect(await notes(handler)).toEqual([
      `${handler} before`,
      ...[1, 2, 3, 4, 5].map((number) => `${handler} other ${number}`),
    ]);
  });

  it('are forgotten after their time, a few at once', async () => {
    const handler = randomUUID();
    for (let index = 0; index < 3; index += 1) await run(handler, () => Promise.resolve());
    await inTenant((manager) =>
      manager.query(
        `UPDATE messaging.processed_events SET processed_at = now() - interval '15 days' WHERE handler = $1`,
        [handler],
      ),
    );
    await run(handler, () => Promise.resolve());
    const forgotten = (): Promise<number> => inTenant((manager) => forgetProcessed(manager, 14, 2));
    expect([await forgotten(), await forgotten(), await forgotten()]).toEqual([2, 1, 0]);
    const [left] = await inTenant((manager) =>
      manager.query<{ count: string }[]>(
        'SELECT count(*) FROM messaging.processed_events WHERE handler = $1',
        [handler],
      ),
    );
    expect(left!.count).toBe('1');
  });
});

function deliveryOf(group: string, signal = new AbortController().signal): Delivery {
  const id = randomUUID();
  const options = { group, kind: 'stateful' } as RegisteredHandler['options'];
  return {
    record: {
      topic: 't',
      partition: 0,
      offset: 0,
      key: id,
      headers: {},
      value: Buffer.alloc(0),
      timestamp: 0,
    },
    handler: { options } as RegisteredHandler,
    signal,
    event: { id, tenant: 'acme', partitionkey: id } as Envelope<object>,
    attempts: 1,
    attemptStartedAt: undefined,
    holdConsumption: () => undefined,
  };
}
