import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AccessGuard, ApiKeys, TenantDirectory, VisitorTokens, type Tenant } from '@clawdesk/auth';
import { conversationId, type MessageReceived, type Outgoing } from '@clawdesk/envelope';
import { ProblemFilter, RedisConnection, requestValidation } from '@clawdesk/host';
import { Publisher, TransportUnavailableError, type Origin } from '@clawdesk/messaging';
import { IngestionModule } from './ingestion.module.js';

const tenants: Tenant[] = ['default', 'acme'].map((id, i) => ({
  id,
  name: id,
  secret: Buffer.alloc(32, i + 1),
}));

class Directory extends TenantDirectory {
  find(id: string): Promise<Tenant | undefined> {
    return Promise.resolve(tenants.find((tenant) => tenant.id === id));
  }
  all(): Promise<readonly Tenant[]> {
    return Promise.resolve(tenants);
  }
}

class Log extends Publisher {
  readonly published: { data: MessageReceived; origin: Origin }[] = [];
  down = false;
  publish(outgoing: Outgoing, origin: Origin): Promise<void> {
    if (this.down) return Promise.reject(new TransportUnavailableError('The log is away.'));
    this.published.push({ data: outgoing.data as MessageReceived, origin });
    return Promise.resolve();
  }
}

const log = new Log();
const tokens = new VisitorTokens(['s'.repeat(32)]);
const shared = [
  { provide: TenantDirectory, useValue: new Directory() },
  { provide: VisitorTokens, useValue: tokens },
  { provide: Publisher, useValue: log },
  { provide: RedisConnection, useValue: new RedisConnection(undefined) },
  { provide: ApiKeys, useValue: { verify: () => Promise.resolve(undefined) } },
];

@Global()
@Module({ providers: shared, exports: shared.map(({ provide }) => provide) })
class SharedModule {}

@Module({
  imports: [SharedModule, IngestionModule],
  providers: [
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
})
class TestModule {}

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await NestFactory.create<NestFastifyApplication>(
    TestModule,
    new FastifyAdapter({ bodyLimit: 1024 * 1024 }),
    { logger: false, abortOnError: false },
  );
  app.useGlobalPipes(requestValidation());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});
afterAll(() => app.close());
beforeEach(() => {
  log.published.length = 0;
  log.down = false;
});

interface Thread {
  token: string;
  thread: string;
  conversation: string;
  expiresAt: string;
}
interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: Record<string, unknown> & { errors?: { field: string; message: string }[] };
}

async function call(
  method: 'POST' | 'OPTIONS',
  url: string,
  payload?: unknown,
  headers = {},
): Promise<Answer> {
  const raw = typeof payload === 'string';
  const response = await app.inject({
    method,
    url,
    headers: { ...(payload !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(payload !== undefined && { payload: raw ? payload : JSON.stringify(payload) }),
  });
  const body = response.body ? (JSON.parse(response.body) as Answer['body']) : {};
  return { status: response.statusCode, headers: response.headers, body };
}

async function open(tenant?: string): Promise<Thread> {
  const { status, body } = await call('POST', '/chat/threads', tenant ? { tenant } : {});
  expect(status).toBe(201);
  return body as unknown as Thread;
}

const send = ({ token }: { token: string }, body: unknown): Promise<Answer> =>
  call('POST', '/chat/messages', body, { authorization: `Bearer ${token}` });

const fieldsOf = ({ body }: Answer): string[] => (body.errors ?? []).map(({ field }) => field);

describe('POST /chat/threads', () => {
  it('gives a token that binds tenant, thread and a new visitor, and stores nothing', async () => {
    const thread = await open('acme');
    expect(tokens.verify(thread.token)).toMatchObject({ tenant: 'acme', thread: thread.thread });
    expect(thread.conversation).toBe(conversationId('acme', thread.thread));
    expect(Date.parse(thread.expiresAt)).toBeGreaterThan(Date.now());
    expect((await open('acme')).thread).not.toBe(thread.thread);
    expect(log.published).toEqual([]);
  });

  it('means the default tenant when none is named, also without a body', async () => {
    expect(tokens.verify((await open()).token)?.tenant).toBe('default');
    expect((await call('POST', '/chat/threads')).status).toBe(201);
  });

  it('knows no tenant that is not there', async () => {
    expect((await call('POST', '/chat/threads', { tenant: 'nobody' })).status).toBe(404);
  });

  it('names a field that is wrong', async () => {
    expect(fieldsOf(await call('POST', '/chat/threads', { locale: 'no locale!' }))).toEqual(['locale']);
    expect(fieldsOf(await call('POST', '/chat/threads', { tenant: 7 }))).toEqual(['tenant']);
  });
});

describe('POST /chat/messages', () => {
  it('publishes the message under its thread and answers once the log has it', async () => {
    const thread = await open('acme');
    const { status, body } = await send(thread, { clientId: 'c1', text: 'Hello', locale: 'de-DE' });
    expect(status).toBe(202);
    expect(body).toEqual({
      id: log.published[0]!.origin.id,
      conversation: thread.conversation,
      thread: thread.thread,
    });
    const { data, origin } = log.published[0]!;
    expect(origin).toMatchObject({ tenant: 'acme', key: thread.thread });
    expect(data).toMatchObject({
      channel: 'webchat',
      text: 'Hello',
      channelMessageId: 'c1',
      locale: 'de-DE',
    });
    expect(data.contactPoint).not.toBe(origin.subjectkey);
  });

  it('gives the same client id the same id, also at once, and other threads others', async () => {
    const [one, two] = [await open(), await open('acme')];
    const message = { clientId: 'c1', text: 'Hello' };
    const answers = await Promise.all([send(one, message), send(one, message), send(one, message)]);
    expect(new Set(answers.map(({ body }) => body['id'])).size).toBe(1);
    expect((await send(two, message)).body['id']).not.toBe(answers[0]!.body['id']);
    expect((await send(one, { ...message, clientId: 'c2' })).body['id']).not.toBe(answers[0]!.body['id']);
  });

  it('brings text into one form', async () => {
    const text = '  Cafe\u0301\u0000\u0007\r\nline\ttwo \uD83D  ';
    await send(await open(), JSON.stringify({ clientId: 'c', text }));
    expect(log.published[0]!.data.text).toBe('Caf\u00e9\nline\ttwo \uFFFD');
  });

  it('takes 10,000 characters and no more, counted as people do', async () => {
    const thread = await open();
    expect((await send(thread, { clientId: 'a', text: '😀'.repeat(10_000) })).status).toBe(202);
    expect(fieldsOf(await send(thread, { clientId: 'b', text: 'x\uFE0F'.repeat(5_001) }))).toEqual(['text']);
  });

  it.each([
    ['text', { clientId: 'c' }],
    ['text', { clientId: 'c', text: '' }],
    ['text', { clientId: 'c', text: ' \n\u0000 ' }],
    ['text', { clientId: 'c', text: ['a'] }],
    ['clientId', { text: 'a' }],
    ['clientId', { clientId: '', text: 'a' }],
    ['clientId', { clientId: 'x'.repeat(101), text: 'a' }],
    ['clientId', { clientId: 'a\u0000', text: 'a' }],
    ['locale', { clientId: 'c', text: 'a', locale: 'x y' }],
    ['tenant', { clientId: 'c', text: 'a', tenant: 'acme' }],
  ])('answers 400 naming %s for %j', async (field, body) => {
    const answer = await send(await open(), body);
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(fieldsOf(answer)).toEqual([field]);
    expect(log.published).toEqual([]);
  });

  it('answers 400 for what is no JSON', async () => {
    expect((await send(await open(), '{"clientId":')).status).toBe(400);
  });

  it('answers 413 for a body above 64 KiB', async () => {
    const answer = await send(await open(), { clientId: 'c', text: 'x'.repeat(64 * 1024) });
    expect(answer.status).toBe(413);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  it('answers 401 without a token of ours', async () => {
    const { token } = await open();
    for (const wrong of ['', 'nonsense', `${token.slice(0, -2)}AA`]) {
      expect((await send({ token: wrong }, { clientId: 'c', text: 'a' })).status).toBe(401);
    }
    expect((await call('POST', '/chat/messages', { clientId: 'c', text: 'a' })).status).toBe(401);
  });

  it("answers 404 for another's thread, whoever it belongs to", async () => {
    const [mine, other, foreign] = [await open(), await open(), await open('acme')];
    for (const { thread } of [other, foreign]) {
      expect((await send(mine, { clientId: 'c', text: 'a', thread })).status).toBe(404);
    }
    expect((await send(mine, { clientId: 'c', text: 'a', thread: mine.thread })).status).toBe(202);
    expect(log.published).toHaveLength(1);
  });

  it('answers 503 with Retry-After while the log is away', async () => {
    const thread = await open();
    log.down = true;
    const answer = await send(thread, { clientId: 'c', text: 'a' });
    expect(answer.status).toBe(503);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('answers 429 with Retry-After when a visitor sends too fast, and others go on', async () => {
    const [fast, calm] = [await open(), await open()];
    const answers: Answer[] = [];
    for (let i = 0; i < 25; i++) answers.push(await send(fast, { clientId: `c${i}`, text: 'a' }));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]!.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect((await send(calm, { clientId: 'c', text: 'a' })).status).toBe(202);
  });
});

describe('pages of other origins', () => {
  it('may ask first, and may read every answer', async () => {
    const asking = { origin: 'https://shop.example', 'access-control-request-method': 'POST' };
    const preflight = await call('OPTIONS', '/chat/messages', undefined, asking);
    expect(preflight.status).toBe(204);
    expect(preflight.headers['access-control-allow-origin']).toBe('*');
    expect(preflight.headers['access-control-allow-headers']).toContain('authorization');
    expect(preflight.headers['access-control-allow-credentials']).toBeUndefined();
    const refused = await call('POST', '/chat/messages', {}, { origin: 'https://shop.example' });
    expect(refused.headers['access-control-allow-origin']).toBe('*');
  });
});
