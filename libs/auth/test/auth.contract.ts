import { Controller, Get, Module, ValidationPipe } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AccessGuard,
  ApiKeys,
  AuthModule,
  authSchema,
  Caller,
  ensureFirstTenant,
  permissions,
  Public,
  RequiresPermission,
  RequiresVisitor,
  routesWithoutAccess,
  TenantDirectory,
  TenantStore,
  VisitorTokens,
  type Identity,
} from '@clawdesk/auth';
import { databaseConfig, migrate, roleUrls, TypeOrmDatabase } from '@clawdesk/database';
import { startPostgres, type TestPostgres } from '@clawdesk/testing';

@Controller('probe')
class ProbeController {
  @Get('open') @Public() open(): string {
    return 'open';
  }
  @Get('visitor') @RequiresVisitor() visitor(@Caller() caller: Identity): Identity {
    return caller;
  }
  @Get('articles') @RequiresPermission('articles:read') articles(@Caller() caller: Identity): Identity {
    return caller;
  }
  @Get('forgotten') forgotten(): string {
    return 'must never be seen';
  }
}

const secret = 'an installation secret of enough length';
const visitors = new VisitorTokens([secret]);
const visitor = {
  tenant: 'default',
  account: 'web',
  thread: 'thread-key',
  visitor: 'v',
  subjectkey: 'subject-key',
};

let server: TestPostgres;
let database: TypeOrmDatabase;
let app: NestFastifyApplication;
let firstKey: string;

async function connect(): Promise<TypeOrmDatabase> {
  const url = await server.createDatabase();
  await migrate(url, server.secret, [authSchema]);
  return TypeOrmDatabase.connect({ ...roleUrls(url, server.secret), ...databaseConfig({}) });
}

beforeAll(async () => {
  server = await startPostgres();
  database = await connect();
  const tenants = new TenantStore(database);
  const keys = new ApiKeys(database);
  firstKey = (await ensureFirstTenant(tenants, keys))!;

  @Module({
    imports: [AuthModule, SharedModule()],
    controllers: [ProbeController],
    providers: [{ provide: APP_GUARD, useClass: AccessGuard }],
  })
  class TestModule {}

  function SharedModule() {
    @Module({})
    class Shared {}
    const providers = [
      { provide: TenantStore, useValue: tenants },
      { provide: TenantDirectory, useValue: tenants },
      { provide: ApiKeys, useValue: keys },
      { provide: VisitorTokens, useValue: visitors },
    ];
    return {
      module: Shared,
      global: true,
      providers,
      exports: [TenantStore, TenantDirectory, ApiKeys, VisitorTokens],
    };
  }

  app = await NestFactory.create<NestFastifyApplication>(TestModule, new FastifyAdapter(), { logger: false });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true }));
  await app.init();
});
afterAll(async () => {
  await app.close();
  await database.close();
  await server.stop();
});

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

async function call(
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  token?: string,
  payload?: object,
): Promise<Answer> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const { statusCode, body } = await app.inject({ method, url, headers, payload });
  return {
    status: statusCode,
    body: body.startsWith('{') ? (JSON.parse(body) as Record<string, unknown>) : { text: body },
  };
}

const newTenant = async (id: string): Promise<string> => {
  const { status, body } = await call('POST', '/api/tenants', firstKey, { id, name: id });
  expect(status).toBe(201);
  return String(body['apiKey']);
};

describe('the access guard', () => {
  it('refuses a route that does not say who may call it, whoever calls', async () => {
    for (const token of [undefined, firstKey, visitors.issue(visitor).token]) {
      const { status, body } = await call('GET', '/probe/forgotten', token);
      expect(status).toBe(403);
      expect(JSON.stringify(body)).not.toContain('must never be seen');
    }
  });

  it('lists such routes by name', () => {
    expect(routesWithoutAccess(app)).toEqual(['GET /probe/forgotten (ProbeController.forgotten)']);
  });

  it('lets anybody call a public route', async () => {
    expect((await call('GET', '/probe/open')).status).toBe(200);
  });

  it('tells the route who the visitor is', async () => {
    const { status, body } = await call('GET', '/probe/visitor', visitors.issue(visitor).token);
    expect(status).toBe(200);
    expect(body).toEqual({ kind: 'visitor', ...visitor });
  });

  it.each([
    ['no token', undefined],
    ['nonsense', 'nonsense'],
    ['an API key of nobody', `cd_default_${'a'.repeat(43)}`],
    [
      'a token of another secret',
      new VisitorTokens(['another secret of enough length']).issue(visitor).token,
    ],
    [
      'an expired token',
      new VisitorTokens([secret], () => Date.now() - 31 * 24 * 3_600_000).issue(visitor).token,
    ],
    ['a token of a tenant that is not there', visitors.issue({ ...visitor, tenant: 'nobody' }).token],
  ])('answers 401 to %s, on routes for visitors and on routes for keys', async (_, token) => {
    for (const url of ['/probe/visitor', '/probe/articles'])
      expect((await call('GET', url, token)).status).toBe(401);
  });

  it('takes no visitor for a key and no key for a visitor', async () => {
    expect((await call('GET', '/probe/articles', visitors.issue(visitor).token)).status).toBe(401);
    expect((await call('GET', '/probe/visitor', firstKey)).status).toBe(401);
  });

  it('answers 403 to a key without the permission', async () => {
    const { body } = await call('POST', '/api/keys', firstKey, {
      name: 'console',
      permissions: ['conversations:read'],
    });
    expect((await call('GET', '/probe/articles', String(body['key']))).status).toBe(403);
  });
});

describe('tenants and keys', () => {
  it('are made once on an empty installation, however many processes start', async () => {
    const empty = await connect();
    try {
      const kept: string[] = [];
      const made = await Promise.all(
        [1, 2, 3].map(() =>
          ensureFirstTenant(new TenantStore(empty), new ApiKeys(empty), (key) => kept.push(key)),
        ),
      );
      const [key] = made.filter((one) => one !== undefined);
      expect(made.filter((one) => one !== undefined)).toHaveLength(1);
      expect(kept).toContain(key);
      expect(await ensureFirstTenant(new TenantStore(empty), new ApiKeys(empty))).toBeUndefined();
      expect(await new ApiKeys(empty).verify(key!)).toMatchObject({ tenant: 'default', permissions });
    } finally {
      await empty.close();
    }
  });

  it('leave nothing behind when the key could not be kept', async () => {
    const empty = await connect();
    try {
      const full = (): never => {
        throw new Error('disk full');
      };
      await expect(ensureFirstTenant(new TenantStore(empty), new ApiKeys(empty), full)).rejects.toThrow(
        'disk full',
      );
      expect(await ensureFirstTenant(new TenantStore(empty), new ApiKeys(empty))).toBeDefined();
    } finally {
      await empty.close();
    }
  });

  it('a new tenant is found by every process, and its key works for it alone', async () => {
    const key = await newTenant('acme');
    expect((await call('GET', '/probe/articles', key)).body).toMatchObject({ tenant: 'acme' });
    expect(await new TenantStore(database).find('acme')).toMatchObject({ id: 'acme', name: 'acme' });
    // The same secret under another tenant's name is nobody's key.
    expect((await call('GET', '/probe/articles', key.replace('cd_acme_', 'cd_default_'))).status).toBe(401);
    expect((await call('POST', '/api/tenants', firstKey, { id: 'acme', name: 'again' })).status).toBe(409);
  });

  it('only the installation’s first key may make tenants, and nobody can pass that on', async () => {
    const key = await newTenant('globex');
    expect((await call('POST', '/api/tenants', key, { id: 'initech', name: 'x' })).status).toBe(403);
    expect((await call('GET', '/api/tenants', key)).status).toBe(403);
    for (const from of [key, firstKey]) {
      const body = { name: 'more', permissions: ['tenants:write'] };
      expect((await call('POST', '/api/keys', from, body)).status).toBe(403);
    }
    // Not even by SQL as the app role.
    const forge = (platform: boolean): Promise<unknown> =>
      database.tenantScope('globex', (manager) =>
        manager.query(
          `INSERT INTO auth.api_keys (id, name, hash, permissions, platform)
            VALUES (gen_random_uuid(), 'forged', 'x', '{tenants:write}', $1)`,
          [platform],
        ),
      );
    await expect(forge(true)).rejects.toThrow(/row-level security/);
    await expect(forge(false)).rejects.toThrow(/check constraint/);
  });

  it('gives no permission that the caller does not have', async () => {
    const { body } = await call('POST', '/api/keys', firstKey, { name: 'keys', permissions: ['keys:write'] });
    const more = { name: 'more', permissions: ['keys:write', 'articles:write'] };
    expect((await call('POST', '/api/keys', String(body['key']), more)).status).toBe(403);
  });

  it('lists keys without what they are, and those of no other tenant', async () => {
    const key = await newTenant('hooli');
    const { body } = await call('GET', '/api/keys', key);
    const keys = JSON.parse(String(body['text'])) as Record<string, unknown>[];
    expect(keys.map(({ name }) => name)).toEqual(['first key']);
    expect(Object.keys(keys[0]!).sort()).toEqual(['createdAt', 'id', 'name', 'permissions', 'revokedAt']);
  });

  it('a revoked key is refused at once, and only its own tenant can revoke it', async () => {
    const key = await newTenant('umbrella');
    const { body } = await call('POST', '/api/keys', key, { name: 'short', permissions: ['articles:read'] });
    const short = String(body['key']);
    expect((await call('GET', '/probe/articles', short)).status).toBe(200);
    const url = `/api/keys/${String(body['id'])}`;
    expect((await call('DELETE', url, firstKey)).status).toBe(404);
    expect((await call('GET', '/probe/articles', short)).status).toBe(200);
    expect((await call('DELETE', url, key)).status).toBe(204);
    expect((await call('GET', '/probe/articles', short)).status).toBe(401);
    expect((await call('DELETE', url, key)).status).toBe(404);
  });

  it.each([
    ['/api/tenants', { id: 'Not A Slug', name: 'x' }],
    ['/api/tenants', { id: 'fine', name: '' }],
    ['/api/keys', { name: 'x', permissions: ['everything'] }],
    ['/api/keys', { name: 'x', permissions: [] }],
  ])('refuses a wrong body for %s with 400', async (url, body) => {
    expect((await call('POST', url, firstKey, body)).status).toBe(400);
  });

  it('the list of tenants is closed to the app role', async () => {
    const peek = database.tenantScope('default', (manager) => manager.query('SELECT * FROM auth.tenants'));
    await expect(peek).rejects.toThrow(/permission denied/);
  });

  it('keep tenants apart at the start', async () => {
    await database.assertRowSecurity();
  });
});
