import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  databaseConfig,
  DatabaseUnavailableError,
  migrate,
  roleUrls,
  TransactionAbortedError,
  TypeOrmDatabase,
  type SchemaMigrations,
} from '@clawdesk/database';
import { startPostgres, type TestPostgres } from '@clawdesk/database/testing';

const notes: SchemaMigrations = {
  schema: 'desk',
  migrations: [
    {
      name: '0001-notes',
      sql: `CREATE TABLE desk.notes (tenant_id text NOT NULL DEFAULT current_setting('app.tenant'), text text NOT NULL);
            ALTER TABLE desk.notes ENABLE ROW LEVEL SECURITY;
            ALTER TABLE desk.notes FORCE ROW LEVEL SECURITY;
            CREATE POLICY tenant ON desk.notes USING (tenant_id = current_setting('app.tenant', true))
              WITH CHECK (tenant_id = current_setting('app.tenant', true));`,
    },
  ],
};

let server: TestPostgres;
let database: TypeOrmDatabase;
const connect = (url: string): Promise<TypeOrmDatabase> =>
  TypeOrmDatabase.connect({ ...roleUrls(url, server.secret), ...databaseConfig({}) });

beforeAll(async () => {
  server = await startPostgres();
  await migrate(server.url, server.secret, [notes]);
  database = await connect(server.url);
});
afterAll(async () => {
  await database.close();
  await server.stop();
});

const until = (condition: () => boolean): Promise<void> => expect.poll(condition, { interval: 2 }).toBe(true);
const add = (tenant: string, text: string): Promise<unknown> =>
  database.tenantScope(tenant, (manager) =>
    manager.query('INSERT INTO desk.notes (text) VALUES ($1)', [text]),
  );
const read = async (tenant: string, text: string): Promise<number> => {
  const rows = await database.tenantScope(tenant, (manager) =>
    manager.query<unknown[]>('SELECT 1 FROM desk.notes WHERE text = $1', [text]),
  );
  return rows.length;
};

describe('tenantScope', () => {
  it('shows a tenant its own rows and nobody else’s', async () => {
    await add('acme', 'own');
    await add('globex', 'own');
    expect(await read('acme', 'own')).toBe(1);
    expect(await read('globex', 'own')).toBe(1);
    expect(await read('initech', 'own')).toBe(0);
  });

  it('refuses rows of another tenant', async () => {
    const foreign = database.tenantScope('acme', (manager) =>
      manager.query(`INSERT INTO desk.notes (tenant_id, text) VALUES ('globex', 'smuggled')`),
    );
    await expect(foreign).rejects.toThrow(/row-level security/);
  });

  it('shows nothing to the app role without a tenant', async () => {
    await add('acme', 'hidden');
    const client = new pg.Client({ connectionString: roleUrls(server.url, server.secret).app });
    await client.connect();
    try {
      expect((await client.query('SELECT * FROM desk.notes')).rowCount).toBe(0);
    } finally {
      await client.end();
    }
  });

  it('takes a tenant id as a value, never as SQL', async () => {
    expect(await read(`x'; DROP TABLE desk.notes; --`, 'own')).toBe(0);
    expect(await read('acme', 'own')).toBe(1);
  });

  it('leaves no tenant on the connection that goes back to the pool', async () => {
    const single = await TypeOrmDatabase.connect({
      ...roleUrls(server.url, server.secret),
      ...databaseConfig({}),
      appConnections: 1,
    });
    try {
      await single.tenantScope('acme', (manager) => manager.query('SELECT 1'));
      await expect(single.tenantScope('acme', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
      const rows = await single.tenantScope('globex', (manager) =>
        manager.query<{ tenant: string }[]>(`SELECT current_setting('app.tenant') AS tenant`),
      );
      expect(rows).toEqual([{ tenant: 'globex' }]);
    } finally {
      await single.close();
    }
  });

  it('rolls back when its function rejects', async () => {
    const failing = database.tenantScope('acme', async (manager) => {
      await manager.query(`INSERT INTO desk.notes (text) VALUES ('undone')`);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await read('acme', 'undone')).toBe(0);
  });

  it('joins the scope around it, and refuses another tenant inside', async () => {
    const outer = database.tenantScope('acme', async (manager) => {
      await add('acme', 'inner');
      await expect(add('globex', 'inner')).rejects.toThrow('cannot reach into tenant globex');
      await manager.query('SELECT 1');
      throw new Error('undo both');
    });
    await expect(outer).rejects.toThrow('undo both');
    expect(await read('acme', 'inner')).toBe(0);
  });

  it('calls afterCommit listeners after the commit, and never after a rollback', async () => {
    const seen: number[] = [];
    await database.tenantScope('acme', async () => {
      database.afterCommit(() => void read('acme', 'committed').then((rows) => seen.push(rows)));
      await add('acme', 'committed');
      expect(seen).toEqual([]);
    });
    await expect(
      database.tenantScope('acme', () => {
        database.afterCommit(() => seen.push(-1));
        return Promise.reject(new Error('no'));
      }),
    ).rejects.toThrow('no');
    await expect.poll(() => seen).toEqual([1]);
  });

  it('runs a transaction again that lost a deadlock', async () => {
    await add('acme', 'first');
    await add('acme', 'second');
    const touch = (texts: string[], meet: () => Promise<void>): Promise<void> =>
      database.tenantScope('acme', async (manager) => {
        for (const text of texts) {
          await manager.query('SELECT 1 FROM desk.notes WHERE text = $1 FOR UPDATE', [text]);
          await meet();
        }
      });
    let arrived = 0;
    let open!: () => void;
    const both = new Promise<void>((resolve) => (open = resolve));
    const meet = (): Promise<void> => {
      arrived += 1;
      if (arrived === 2) open();
      return both;
    };
    await Promise.all([touch(['first', 'second'], meet), touch(['second', 'first'], meet)]);
  });
});

describe('a transaction', () => {
  it('is refused when an error of a statement in it was swallowed', async () => {
    const swallowed = database.tenantScope('acme', async (manager) => {
      await add('acme', 'swallowed');
      await manager.query('SELECT nonsense').catch(() => undefined);
    });
    await expect(swallowed).rejects.toThrow(TransactionAbortedError);
    expect(await read('acme', 'swallowed')).toBe(0);
  });

  it('is not joined by what was begun inside and goes on after it', async () => {
    let goOn!: () => void;
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    let late: Promise<number> | undefined;
    await database.tenantScope('acme', () => {
      late = gate.then(() => read('globex', 'own'));
      return Promise.resolve();
    });
    goOn();
    expect(await late).toBe(1);
  });

  it('keeps its savepoints when a store opens a transaction of TypeORM inside', async () => {
    await database.tenantScope('acme', async (manager) => {
      await add('acme', 'kept');
      await manager
        .transaction(async (inner) => {
          await inner.query(`INSERT INTO desk.notes (text) VALUES ('dropped')`);
          throw new Error('only this part');
        })
        .catch(() => undefined);
    });
    expect([await read('acme', 'kept'), await read('acme', 'dropped')]).toEqual([1, 0]);
  });

  it('goes on with statements prepared before a migration changed their table', async () => {
    const one = await TypeOrmDatabase.connect({
      ...roleUrls(server.url, server.secret),
      ...databaseConfig({}),
      appConnections: 1,
    });
    const owner = new pg.Client({ connectionString: server.url });
    await owner.connect();
    const all = (): Promise<unknown[]> =>
      one.tenantScope('acme', (manager) =>
        manager.query('SELECT * FROM desk.notes WHERE text = $1', ['none']),
      );
    try {
      await all();
      await owner.query('ALTER TABLE desk.notes ADD COLUMN colour text');
      expect(await all()).toEqual([]);
    } finally {
      await owner.query('ALTER TABLE desk.notes DROP COLUMN IF EXISTS colour');
      await owner.end();
      await one.close();
    }
  });

  it.each(['in a query', 'between two queries'])(
    'that loses its connection %s says that the database is away, and the next one works',
    async (when) => {
      const owner = new pg.Client({ connectionString: server.url });
      await owner.connect();
      try {
        const cut = database.tenantScope('acme', async (manager) => {
          const [row] = await manager.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
          await owner.query('SELECT pg_terminate_backend($1)', [row!.pid]);
          if (when === 'between two queries') await until(() => manager.queryRunner!.isReleased);
          await manager.query('SELECT 1');
        });
        await expect(cut).rejects.toThrow(DatabaseUnavailableError);
        expect(await read('acme', 'own')).toBe(1);
      } finally {
        await owner.end();
      }
    },
  );

  it('that finds no free connection in time says that the database is away', async () => {
    const busy = await TypeOrmDatabase.connect({
      ...roleUrls(server.url, server.secret),
      ...databaseConfig({}),
      appConnections: 1,
      connectTimeoutMs: 200,
    });
    let leave!: () => void;
    const staying = new Promise<void>((resolve) => (leave = resolve));
    const holder = busy.tenantScope('acme', () => staying);
    try {
      await expect(busy.tenantScope('acme', () => Promise.resolve())).rejects.toThrow(
        DatabaseUnavailableError,
      );
      await busy.ping();
    } finally {
      leave();
      await holder;
      await busy.close();
    }
  });
});

describe('listen', () => {
  it('hears NOTIFYs, and calls again with nothing after its connection was lost', async () => {
    const heard: string[] = [];
    const stop = await database.listen('desk-notes', (payload) => heard.push(payload));
    const notify = (payload: string): Promise<unknown> =>
      database.tenantScope('acme', (manager) =>
        manager.query('SELECT pg_notify($1, $2)', ['desk-notes', payload]),
      );
    await notify('one');
    await expect.poll(() => heard).toEqual(['', 'one']);
    const owner = new pg.Client({ connectionString: server.url });
    await owner.connect();
    await owner.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'`);
    await owner.end();
    await expect.poll(() => heard).toEqual(['', 'one', '']);
    await notify('two');
    await expect.poll(() => heard).toEqual(['', 'one', '', 'two']);
    await stop();
  });
});
