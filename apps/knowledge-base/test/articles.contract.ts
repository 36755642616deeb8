import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiKeyIdentity } from '@clawdesk/auth';
import { databaseConfig, migrate, roleUrls, TypeOrmDatabase } from '@clawdesk/database';
import type { Outgoing } from '@clawdesk/envelope';
import { Publisher, TransportUnavailableError, type Origin } from '@clawdesk/messaging';
import { startPostgres, type TestPostgres } from '@clawdesk/testing';
import { ArticleListStore } from '../src/article-list.store.js';
import { ArticlesController } from '../src/articles.controller.js';
import type { ArticleBody } from '../src/articles.dto.js';
import { ArticlesStore } from '../src/articles.store.js';
import { Knowledge } from '../src/knowledge.js';
import { KnowledgeChangedHandler } from '../src/knowledge-changed.handler.js';
import { knowledgeBaseSchema } from '../src/migrations/knowledge-base.schema.js';

class RecordingPublisher extends Publisher {
  readonly published: { outgoing: Outgoing; origin: Origin }[] = [];
  down = false;
  override publish(outgoing: Outgoing, origin: Origin): Promise<void> {
    if (this.down) return Promise.reject(new TransportUnavailableError('The log is down'));
    this.published.push({ outgoing, origin });
    return Promise.resolve();
  }
}

/** One replica: its own memory over the same database. */
class Replica {
  readonly knowledge: Knowledge;
  readonly controller: ArticlesController;
  readonly publisher = new RecordingPublisher();

  constructor(readonly database: TypeOrmDatabase) {
    const store = new ArticlesStore(database);
    this.knowledge = new Knowledge(store);
    this.controller = new ArticlesController(
      store,
      new ArticleListStore(database),
      this.knowledge,
      this.publisher,
    );
  }

  async found(tenant: string, question: string): Promise<string[]> {
    const { index } = await this.knowledge.of(tenant);
    return index.retrieve(question, 'en').map(({ article, text }) => `${article}: ${text}`);
  }
}

let postgres: TestPostgres;
let database: TypeOrmDatabase;
let here: Replica;
let there: Replica;
beforeAll(async () => {
  postgres = await startPostgres();
  await migrate(postgres.url, postgres.secret, [knowledgeBaseSchema]);
  database = await TypeOrmDatabase.connect({
    ...roleUrls(postgres.url, postgres.secret),
    ...databaseConfig({}),
  });
  await database.assertRowSecurity();
  here = new Replica(database);
  there = new Replica(database);
});
afterAll(async () => {
  await database.close();
  await postgres.stop();
});

let tenants = 0;
const newTenant = (): string => `tenant-${(tenants += 1)}`;
const key = (tenant: string): ApiKeyIdentity => ({ kind: 'api-key', tenant, key: 'key', permissions: [] });
const body = (text: string, more: Partial<ArticleBody> = {}): ArticleBody => ({
  title: 'Lamps',
  body: text,
  ...more,
});
const put = (tenant: string, id: string, article: ArticleBody): ReturnType<ArticlesController['put']> =>
  here.controller.put(key(tenant), { id }, article);

describe('articles', () => {
  it('are found by the next question', async () => {
    const tenant = newTenant();
    expect(await here.found(tenant, 'lamps')).toEqual([]);
    await put(tenant, 'lamps', body('Switch it on.'));
    expect(await here.found(tenant, 'lamps')).toEqual(['lamps: Switch it on.']);
  });

  it('get a version when they change, and none when they do not', async () => {
    const tenant = newTenant();
    expect(await put(tenant, 'a', body('One'))).toEqual({ id: 'a', outcome: 'created', version: 1 });
    expect(await put(tenant, 'a', body('One'))).toEqual({ id: 'a', outcome: 'unchanged', version: 1 });
    expect(await put(tenant, 'a', body('<p>One</p>', { format: 'html' }))).toMatchObject({
      outcome: 'unchanged',
    });
    expect(await put(tenant, 'a', body('Two'))).toEqual({ id: 'a', outcome: 'updated', version: 2 });
    expect(await here.controller.get(key(tenant), { id: 'a' }, {})).toMatchObject({
      body: 'Two',
      version: 2,
      versions: [{ version: 2 }, { version: 1 }],
    });
    expect(await here.controller.get(key(tenant), { id: 'a' }, { version: 1 })).toMatchObject({
      body: 'One',
    });
    expect(await here.found(tenant, 'lamps')).toEqual(['a: Two']);
  });

  it('count the knowledge’s version once per change', async () => {
    const tenant = newTenant();
    const store = new ArticlesStore(database);
    const article = { id: 'a', title: 'A', body: 'A', language: 'en' };
    const versions: number[] = [];
    for (const text of ['A', 'A', 'B']) {
      versions.push(
        (
          await store.write(tenant, [
            { ...article, body: text },
            { ...article, id: 'b' },
          ])
        ).knowledgeVersion,
      );
    }
    expect(versions).toEqual([1, 1, 2]);
    expect(await store.knowledgeVersion(tenant)).toBe(2);
  });

  it('are not lost or doubled when many write at the same time', async () => {
    const tenant = newTenant();
    await here.found(tenant, 'x');
    const writes = Array.from({ length: 20 }, (_, place) =>
      put(tenant, `a${place % 5}`, body(`Text ${place}`)),
    );
    const results = await Promise.all(writes);
    expect(results.filter(({ outcome }) => outcome === 'created')).toHaveLength(5);
    const { index, version } = await here.knowledge.of(tenant);
    expect([index.size, version]).toEqual([5, 20]);
  });

  it('are gone when deleted, and new when they come again', async () => {
    const tenant = newTenant();
    await put(tenant, 'a', body('One'));
    await here.controller.delete(key(tenant), { id: 'a' });
    expect(await here.found(tenant, 'lamps')).toEqual([]);
    await expect(here.controller.get(key(tenant), { id: 'a' }, {})).rejects.toMatchObject({ status: 404 });
    await expect(here.controller.delete(key(tenant), { id: 'a' })).rejects.toMatchObject({ status: 404 });
    expect(await put(tenant, 'a', body('One'))).toEqual({ id: 'a', outcome: 'created', version: 2 });
    expect(await here.found(tenant, 'lamps')).toEqual(['a: One']);
  });

  it('are listed page by page, and by what they contain', async () => {
    const tenant = newTenant();
    const articles = [1, 2, 3].map((number) => ({
      id: `a${number}`,
      title: `T${number}`,
      body: `100% of ${number}`,
      ...(number === 1 && { source: '/help/one.md' }),
    }));
    await here.controller.import(key(tenant), { articles });
    const first = await here.controller.list(key(tenant), { limit: 2 });
    expect(first).toMatchObject({
      articles: [{ id: 'a1', source: '/help/one.md' }, { id: 'a2' }],
      next: 'a2',
    });
    const second = await here.controller.list(key(tenant), { limit: 2, after: first.next });
    expect(second.articles.map(({ id }) => id)).toEqual(['a3']);
    expect(second.next).toBeUndefined();
    const listed = async (q: string): Promise<number> =>
      (await here.controller.list(key(tenant), { q })).articles.length;
    expect([await listed('100%'), await listed('t2'), await listed('_'), await listed('\0')]).toEqual([
      3, 1, 0, 0,
    ]);
  });

  it('are imported one by one: good ones go in, bad ones are named', async () => {
    const tenant = newTenant();
    const articles = [{ id: 'a', title: 'A', body: 'lamps\0' }, { id: 'b', title: 'B' }, 7];
    expect(await here.controller.import(key(tenant), { articles })).toMatchObject({
      results: [
        { id: 'a', outcome: 'created', version: 1 },
        { id: 'b', outcome: 'rejected', field: 'body' },
        { id: '', outcome: 'rejected' },
      ],
    });
    expect(await here.found(tenant, 'lamps')).toEqual(['a: lamps']);
  });
});

describe('knowledge.changed', () => {
  it('brings the other replicas up to date', async () => {
    const tenant = newTenant();
    expect(await there.found(tenant, 'lamps')).toEqual([]);
    await put(tenant, 'a', body('One'));
    const { outgoing, origin } = here.publisher.published.at(-1)!;
    expect({ ...outgoing, ...origin }).toMatchObject({ data: { version: 1 }, tenant, key: tenant });
    await there.knowledge.refresh(origin.tenant, 1);
    expect(await there.found(tenant, 'lamps')).toEqual(['a: One']);
    await put(tenant, 'a', body('Two'));
    await new KnowledgeChangedHandler(there.knowledge).reload(undefined, undefined);
    expect(await there.found(tenant, 'lamps')).toEqual(['a: Two']);
  });

  it('is published by the repeated request when the log was down for the first one', async () => {
    const tenant = newTenant();
    here.publisher.down = true;
    await expect(put(tenant, 'a', body('One'))).rejects.toBeInstanceOf(TransportUnavailableError);
    here.publisher.down = false;
    expect(await put(tenant, 'a', body('One'))).toMatchObject({ outcome: 'unchanged' });
    expect(here.publisher.published.at(-1)).toMatchObject({
      outgoing: { data: { version: 1 } },
      origin: { tenant },
    });
  });
});

describe('two tenants', () => {
  it('have the same article each for itself', async () => {
    const [one, other] = [newTenant(), newTenant()];
    for (const tenant of [one, other]) await put(tenant, 'same', body('Same text'));
    await put(one, 'same', body('Changed'));
    await put(one, 'own', body('Own lamps'));
    expect(await here.found(other, 'lamps')).toEqual(['same: Same text']);
    expect(await there.found(one, 'own lamps')).toContain('own: Own lamps');
    await expect(here.controller.get(key(other), { id: 'own' }, {})).rejects.toMatchObject({ status: 404 });
    await expect(here.controller.delete(key(other), { id: 'own' })).rejects.toMatchObject({ status: 404 });
    expect((await here.controller.list(key(other), {})).articles).toMatchObject([{ id: 'same', version: 1 }]);
  });

  it('are kept apart by the database itself', async () => {
    const [one, other] = [newTenant(), newTenant()];
    await put(one, 'a', body('One'));
    for (const table of ['articles', 'article_versions', 'knowledge']) {
      const rows = await database.tenantScope(other, (manager) =>
        manager.query<unknown[]>(`SELECT * FROM knowledge_base.${table} WHERE tenant_id = $1`, [one]),
      );
      expect(rows).toEqual([]);
      await expect(
        database.tenantScope(other, (manager) =>
          manager.query(`INSERT INTO knowledge_base.knowledge (tenant_id, version) VALUES ($1, 99)`, [
            `${one}x`,
          ]),
        ),
      ).rejects.toThrow(/row-level security/);
    }
  });
});
