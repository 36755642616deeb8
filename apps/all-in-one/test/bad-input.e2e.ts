import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServiceName } from '@clawdesk/client';
import { until } from '@clawdesk/testing';
import { EmbeddedSystem } from './support/system.js';
import { World } from './support/world.js';

interface Wrong {
  what: string;
  service: ServiceName;
  method?: string;
  path: string;
  /** Visitor token or API key. @default none */
  bearer?: 'visitor' | 'key' | 'second key' | 'nonsense';
  body?: string | object;
  /** @default application/json */
  type?: string;
  status: number;
  /** Field that the problem names. */
  field?: string;
}

const message = { service: 'ingestion', method: 'POST', path: '/chat/messages' } as const;
const threads = { service: 'ingestion', method: 'POST', path: '/chat/threads' } as const;
const article = { service: 'knowledge-base', method: 'PUT', path: '/api/articles/a' } as const;
const text = (length: number): string => 'x'.repeat(length);

const table: readonly Wrong[] = [
  { what: 'a message without a token', ...message, body: { clientId: '1', text: 'Hi' }, status: 401 },
  {
    what: 'a message with a token that nobody gave',
    ...message,
    bearer: 'nonsense',
    body: { clientId: '1', text: 'Hi' },
    status: 401,
  },
  {
    what: 'a message with an API key',
    ...message,
    bearer: 'key',
    body: { clientId: '1', text: 'Hi' },
    status: 401,
  },
  {
    what: 'a message to a foreign thread',
    ...message,
    bearer: 'visitor',
    body: { clientId: '1', text: 'Hi', thread: 'f'.repeat(64) },
    status: 404,
  },
  { what: 'a message that is no JSON', ...message, bearer: 'visitor', body: '{"clientId": ', status: 400 },
  {
    what: 'a message without a client id',
    ...message,
    bearer: 'visitor',
    body: { text: 'Hi' },
    status: 400,
    field: 'clientId',
  },
  {
    what: 'a client id that is too long',
    ...message,
    bearer: 'visitor',
    body: { clientId: text(101), text: 'Hi' },
    status: 400,
    field: 'clientId',
  },
  {
    what: 'a message without a text',
    ...message,
    bearer: 'visitor',
    body: { clientId: '1' },
    status: 400,
    field: 'text',
  },
  {
    what: 'an empty message',
    ...message,
    bearer: 'visitor',
    body: { clientId: '1', text: '' },
    status: 400,
    field: 'text',
  },
  {
    what: 'a text that is a number',
    ...message,
    bearer: 'visitor',
    body: { clientId: '1', text: 7 },
    status: 400,
    field: 'text',
  },
  {
    what: 'a field that is not known',
    ...message,
    bearer: 'visitor',
    body: { clientId: '1', text: 'Hi', colour: 'red' },
    status: 400,
    field: 'colour',
  },
  {
    what: 'a body above 64 KiB',
    ...message,
    bearer: 'visitor',
    body: { clientId: '1', text: text(70_000) },
    status: 413,
  },
  {
    what: 'a body of 10 MB',
    ...message,
    bearer: 'visitor',
    body: { clientId: '1', text: text(10_000_000) },
    status: 413,
  },
  {
    what: 'a message in the form of a form',
    ...message,
    bearer: 'visitor',
    type: 'application/x-www-form-urlencoded',
    body: 'clientId=u1&text=hello',
    status: 415,
  },
  {
    what: 'a locale that is none',
    ...threads,
    body: { locale: '!' },
    status: 400,
    field: 'locale',
  },
  { what: 'a thread of a tenant that is not there', ...threads, body: { tenant: 'nobody' }, status: 404 },
  {
    what: 'a thread of a tenant that is a list',
    ...threads,
    body: { tenant: ['default'] },
    status: 400,
    field: 'tenant',
  },
  { what: 'a stream without a token', service: 'gateway', path: '/chat/stream', status: 401 },
  { what: 'a stream with an API key', service: 'gateway', path: '/chat/stream', bearer: 'key', status: 401 },
  {
    what: 'a stream of a foreign thread',
    service: 'gateway',
    path: `/chat/stream?thread=${'f'.repeat(64)}`,
    bearer: 'visitor',
    status: 404,
  },
  {
    what: 'a stream after something that is no number',
    service: 'gateway',
    path: '/chat/stream?lastEventId=abc',
    bearer: 'visitor',
    status: 400,
  },
  { what: 'articles without a key', service: 'knowledge-base', path: '/api/articles', status: 401 },
  {
    what: 'articles with a visitor’s token',
    service: 'knowledge-base',
    path: '/api/articles',
    bearer: 'visitor',
    status: 401,
  },
  {
    what: 'an article that is not there',
    service: 'knowledge-base',
    path: '/api/articles/nothing',
    bearer: 'key',
    status: 404,
  },
  {
    what: 'an article whose title is invisible',
    ...article,
    bearer: 'key',
    body: { title: '\0', body: 'text' },
    status: 400,
    field: 'title',
  },
  {
    what: 'an article whose address is none',
    service: 'knowledge-base',
    path: '/api/articles/%ff',
    bearer: 'key',
    status: 400,
  },
  {
    what: 'an article whose address is too long',
    service: 'knowledge-base',
    path: `/api/articles/${text(4_000)}`,
    bearer: 'key',
    status: 414,
  },
  {
    what: 'an article without a body',
    ...article,
    bearer: 'key',
    body: { title: 'T' },
    status: 400,
    field: 'body',
  },
  {
    what: 'a conversation that is not there',
    service: 'business-logic',
    path: '/api/conversations/5f0c7e6e-5b1e-4e0e-8f0e-5b1e4e0e8f0e',
    bearer: 'key',
    status: 404,
  },
  {
    what: 'a conversation whose id is none',
    service: 'business-logic',
    path: '/api/conversations/none',
    bearer: 'key',
    status: 404,
  },
  {
    what: 'too many conversations',
    service: 'business-logic',
    path: '/api/conversations?limit=1000000',
    bearer: 'key',
    status: 400,
    field: 'limit',
  },
  ...['1', 'Jan 1 2020 (x)', '2026-02-30T00:00:00Z'].map((time): Wrong => ({
    what: `a page of conversations before ${time}`,
    service: 'business-logic',
    path: `/api/conversations?before=${Buffer.from(`${time}|5f0c7e6e-5b1e-4e0e-8f0e-5b1e4e0e8f0e`).toString('base64url')}`,
    bearer: 'key',
    status: 400,
    field: 'before',
  })),
  {
    what: 'a timeline before an entry that cannot be',
    service: 'business-logic',
    path: '/api/conversations/5f0c7e6e-5b1e-4e0e-8f0e-5b1e4e0e8f0e?before=99999999999',
    bearer: 'key',
    status: 400,
    field: 'before',
  },
  {
    what: 'a key whose name holds NUL',
    service: 'gateway',
    method: 'POST',
    path: '/api/keys',
    bearer: 'key',
    body: { name: 'a\0b', permissions: ['articles:read'] },
    status: 400,
    field: 'name',
  },
  {
    what: 'a tenant whose name holds NUL',
    service: 'gateway',
    method: 'POST',
    path: '/api/tenants',
    bearer: 'key',
    body: { id: 'nul', name: 'a\0b' },
    status: 400,
    field: 'name',
  },
  {
    what: 'a tenant whose id is no slug',
    service: 'gateway',
    method: 'POST',
    path: '/api/tenants',
    bearer: 'key',
    body: { id: 'Not a slug!', name: 'N' },
    status: 400,
    field: 'id',
  },
  {
    what: 'a tenant made by a tenant',
    service: 'gateway',
    method: 'POST',
    path: '/api/tenants',
    bearer: 'second key',
    body: { id: 'third', name: 'N' },
    status: 403,
  },
  { what: 'an address that is not there', service: 'gateway', path: '/nothing/here', status: 404 },
];

describe('bad input', () => {
  let world: World;
  let bearers: Record<NonNullable<Wrong['bearer']>, string>;

  beforeAll(async () => {
    world = await World.of(await EmbeddedSystem.start());
    const { apiKey } = await world.first.client.addTenant({ id: 'plain', name: 'A tenant' });
    const visitor = await world.customer();
    bearers = {
      visitor: visitor.thread.token,
      key: world.system.apiKey(),
      'second key': apiKey,
      nonsense: 'eyJhbGciOiJub25lIn0.e30.',
    };
  });
  afterAll(() => world?.end());

  const call = ({
    service,
    method = 'GET',
    path,
    bearer,
    body,
    type = 'application/json',
  }: Wrong): Promise<Response> =>
    fetch(world.system.urls.of(service, path), {
      method,
      headers: {
        ...(bearer && { authorization: `Bearer ${bearers[bearer]}` }),
        ...(body !== undefined && { 'content-type': type }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });

  it.each(table)('$what is answered with $status', async (wrong) => {
    const response = await call(wrong);
    const problem = (await response.json()) as {
      status: number;
      title: string;
      errors?: { field: string }[];
    };
    expect([response.status, problem]).toEqual([
      wrong.status,
      expect.objectContaining({ status: wrong.status }),
    ]);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(problem.title).not.toBe('');
    expect(JSON.stringify(problem)).not.toMatch(/\bat .*\.js:\d/);
    if (wrong.field) expect(problem.errors?.map(({ field }) => field)).toContain(wrong.field);
  });

  it('a visitor who writes too fast is told when to come back', async () => {
    const body = (index: number): Wrong => ({
      what: '',
      ...message,
      bearer: 'visitor',
      status: 202,
      body: { clientId: `fast-${index}`, text: 'Hello!' },
    });
    const limited = await until(
      async () => {
        const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => call(body(index))));
        return answers.find(({ status }) => status === 429);
      },
      { what: 'a 429' },
    );
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(limited.headers.get('content-type')).toContain('application/problem+json');
  });

  it('keeps the others served', async () => {
    const { turn } = await (await world.customer()).ask('What does shipping cost?');
    expect(turn.state).toBe('answered');
  });
});
