import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  databaseConfig,
  DatabaseUnavailableError,
  migrate,
  MigrationError,
  roleUrls,
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

describe('assertRowSecurity', () => {
  it('is content with forced row-level security', async () => {
    await database.assertRowSecurity();
  });

  it('names a table with a tenant but without row-level security', async () => {
    const url = await server.createDatabase();
    await migrate(url, server.secret, [
      { schema: 'open', migrations: [{ name: '0001', sql: 'CREATE TABLE open.leaky (tenant_id text)' }] },
    ]);
    const leaky = await connect(url);
    await expect(leaky.assertRowSecurity()).rejects.toThrow(
      'Table open.leaky has no forced row-level security.',
    );
    await leaky.close();
  });
});

describe('migrate', () => {
  it('applies each migration once, however many processes begin at the same time', async () => {
    const url = await server.createDatabase();
    await Promise.all([1, 2, 3].map(() => migrate(url, server.secret, [notes])));
    const again: string[] = [];
    await migrate(url, server.secret, [notes], (what) => again.push(what));
    expect(again).toEqual([]);
  });

  it('refuses a migration that was changed after it had been applied', async () => {
    const url = await server.createDatabase();
    await migrate(url, server.secret, [notes]);
    const changed = { ...notes, migrations: [{ ...notes.migrations[0]!, sql: 'SELECT 1' }] };
    await expect(migrate(url, server.secret, [changed])).rejects.toThrow(
      'was changed after it had been applied',
    );
  });

  it('leaves nothing of a migration that fails', async () => {
    const url = await server.createDatabase();
    const broken = {
      schema: 'desk',
      migrations: [{ name: '0001', sql: 'CREATE TABLE desk.half (); SELECT nonsense' }],
    };
    await expect(migrate(url, server.secret, [broken])).rejects.toThrow(MigrationError);
    await migrate(url, server.secret, [
      { ...broken, migrations: [{ name: '0001', sql: 'CREATE TABLE desk.half ()' }] },
    ]);
  });

  it('says in one sentence that PostgreSQL does not answer, without the password', async () => {
    const nowhere = migrate('postgresql://owner:hush@127.0.0.1:1/desk', server.secret, []);
    await expect(nowhere).rejects.toThrow(DatabaseUnavailableError);
    await expect(nowhere).rejects.toThrow(
      /^PostgreSQL does not answer at 127\.0\.0\.1:1\/desk \(ECONNREFUSED\)/,
    );
  });
});
