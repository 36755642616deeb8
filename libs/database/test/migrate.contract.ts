import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  databaseConfig,
  DatabaseUnavailableError,
  migrate,
  MigrationError,
  roleUrls,
  rolesOf,
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
const connect = (url: string): Promise<TypeOrmDatabase> =>
  TypeOrmDatabase.connect({ ...roleUrls(url, server.secret), ...databaseConfig({}) });

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  await server.stop();
});

describe('assertRowSecurity', () => {
  it('is content with forced row-level security', async () => {
    const url = await server.createDatabase();
    await migrate(url, server.secret, [notes]);
    const closed = await connect(url);
    await closed.assertRowSecurity();
    await closed.close();
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

  it.each([
    ['a table without a tenant', 'CREATE TABLE open.plain (id text)', 'open.plain'],
    [
      'a view that reads with its owner’s rights',
      'CREATE TABLE open.hidden (id text); REVOKE ALL ON open.hidden FROM {{app}}; CREATE VIEW open.all AS SELECT * FROM open.hidden',
      'open."all"',
    ],
  ])('names %s that the app role may use', async (_, sql, name) => {
    const url = await server.createDatabase();
    await migrate(url, server.secret, [{ schema: 'open', migrations: [{ name: '0001', sql }] }]);
    const open = await connect(url);
    await expect(open.assertRowSecurity()).rejects.toThrow(`The app role may use ${name}`);
    await open.close();
  });

  it('does not mind tables of the platform, which the app role cannot use', async () => {
    const url = await server.createDatabase();
    const schema: SchemaMigrations = {
      schema: 'guards',
      access: 'platform',
      migrations: [{ name: '0001', sql: 'CREATE TABLE guards.plain (id text)' }],
    };
    await migrate(url, server.secret, [schema]);
    const guarded = await connect(url);
    await guarded.assertRowSecurity();
    await guarded.platformScope((manager) => manager.query(`INSERT INTO guards.plain VALUES ('x')`));
    await expect(
      guarded.tenantScope('acme', (manager) => manager.query('SELECT * FROM guards.plain')),
    ).rejects.toThrow(/permission denied/);
    await guarded.close();
  });

  it('refuses an app role that gets around it', async () => {
    const url = await server.createDatabase();
    await migrate(url, server.secret, [notes]);
    const owner = new pg.Client({ connectionString: url });
    await owner.connect();
    const { app } = rolesOf(url, server.secret);
    await owner.query(`ALTER ROLE ${app.name} BYPASSRLS`);
    await owner.end();
    const loose = await connect(url);
    await expect(loose.assertRowSecurity()).rejects.toThrow(
      `Role ${app.name} gets around row-level security.`,
    );
    await loose.close();
  });
});

describe('migrate', () => {
  it('needs no superuser: a user with CREATEROLE that owns the database will do', async () => {
    const url = new URL(await server.createDatabase());
    const owner = new pg.Client({ connectionString: server.url });
    await owner.connect();
    await owner.query(`CREATE ROLE ordinary LOGIN CREATEROLE PASSWORD 'p'`);
    await owner.query(`ALTER DATABASE ${url.pathname.slice(1)} OWNER TO ordinary`);
    await owner.end();
    url.username = 'ordinary';
    url.password = 'p';
    await migrate(url.href, server.secret, [notes]);
    await migrate(url.href, server.secret, [notes]);
    const ordinary = await connect(url.href);
    await ordinary.assertRowSecurity();
    await ordinary.tenantScope('acme', (manager) =>
      manager.query(`INSERT INTO desk.notes (text) VALUES ('x')`),
    );
    await ordinary.close();
  });

  it.each([
    ['has no such database', '/nowhere', /has no database 'nowhere': create it/],
    ['refuses the password', '', /refuses the user 'clawdesk'/],
  ])('says in one sentence that the server %s', async (_, path, sentence) => {
    const url = new URL(server.url);
    if (path) url.pathname = path;
    else url.password = 'wrong';
    const wrong = migrate(url.href, server.secret, []);
    await expect(wrong).rejects.toThrow(DatabaseUnavailableError);
    await expect(wrong).rejects.toThrow(sentence);
  });

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
