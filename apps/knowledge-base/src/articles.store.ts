import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, type EntityManager } from '@clawdesk/database';

/** What an article says: a new version is made when any of it changes. */
export interface ArticleContent {
  id: string;
  title: string;
  body: string;
  language: string;
  url?: string;
  source?: string;
}

export type WriteOutcome = 'created' | 'updated' | 'unchanged';

export interface Written {
  id: string;
  outcome: WriteOutcome;
  version: number;
}

/** What became of a write, and the version that the tenant's knowledge has with it. */
export interface WriteResult {
  knowledgeVersion: number;
  written: Written[];
}

/** The current version of an article, or that it is gone. */
export type ArticleChange =
  | ({ deleted: false; version: number; changed: number } & ArticleContent)
  | { deleted: true; id: string; changed: number };

interface Current {
  id: string;
  version: number;
  deleted: boolean;
  checksum: string;
}

interface ChangeRow {
  id: string;
  version: number;
  deleted: boolean;
  changed: number;
  title: string;
  body: string;
  language: string;
  url: string | null;
}

/** The articles of all tenants; every statement sees one tenant only. */
@Injectable()
export class ArticlesStore {
  constructor(private readonly database: Database) {}

  /**
   * Puts articles in, each id at most once. The same content again makes no new version. All or none, and writes of
   * one tenant one after the other, so that knowledge versions are committed in their order.
   */
  write(tenant: string, articles: readonly ArticleContent[]): Promise<WriteResult> {
    return this.database.tenantScope(tenant, async (manager) => {
      const before = await lockKnowledge(manager);
      const current = await readCurrent(
        manager,
        articles.map(({ id }) => id),
      );
      const written = articles.map((article) => judge(article, current.get(article.id)));
      const changes = articles.flatMap((article, index) => {
        const { outcome, version } = written[index]!;
        return outcome === 'unchanged' ? [] : [{ ...article, version, checksum: checksumOf(article) }];
      });
      if (changes.length === 0) return { knowledgeVersion: before, written };
      const knowledgeVersion = before + 1;
      const rows = JSON.stringify(changes);
      await manager.query(
        `INSERT INTO knowledge_base.articles (id, version, changed)
         SELECT id, version, $2::integer FROM jsonb_to_recordset($1::jsonb) AS c (id text, version integer)
         ON CONFLICT (tenant_id, id) DO UPDATE
           SET version = excluded.version, changed = excluded.changed, deleted = false, updated_at = now()`,
        [rows, knowledgeVersion],
      );
      await manager.query(
        `INSERT INTO knowledge_base.article_versions (article, version, title, body, language, url, source, checksum)
         SELECT id, version, title, body, language, url, source, checksum FROM jsonb_to_recordset($1::jsonb) AS c
           (id text, version integer, title text, body text, language text, url text, source text, checksum text)`,
        [rows],
      );
      await setKnowledge(manager, knowledgeVersion);
      return { knowledgeVersion, written };
    });
  }

  /** Takes an article out of use; its versions are kept. @returns undefined when there is none */
  delete(tenant: string, id: string): Promise<number | undefined> {
    return this.database.tenantScope(tenant, async (manager) => {
      const version = (await lockKnowledge(manager)) + 1;
      const deleted = await manager.query<{ id: string }[]>(
        `WITH gone AS (
           UPDATE knowledge_base.articles SET deleted = true, changed = $2, updated_at = now()
            WHERE id = $1 AND NOT deleted RETURNING id)
         SELECT id FROM gone`,
        [id, version],
      );
      if (deleted.length === 0) return undefined;
      await setKnowledge(manager, version);
      return version;
    });
  }

  /** The version of the tenant's knowledge; 0 before the first article. */
  knowledgeVersion(tenant: string): Promise<number> {
    return this.database.tenantScope(tenant, async (manager) => {
      const rows = await manager.query<{ version: number }[]>(`SELECT version FROM knowledge_base.knowledge`);
      return rows[0]?.version ?? 0;
    });
  }

  /**
   * One page of what has changed, in order of (change, id), after a place in that order. From (1, '') on it is every
   * article there is or was.
   */
  changes(tenant: string, after: { changed: number; id: string }, limit: number): Promise<ArticleChange[]> {
    return this.database.tenantScope(tenant, async (manager) => {
      const rows = await manager.query<ChangeRow[]>(
        `SELECT a.id, a.version, a.deleted, a.changed, v.title, v.body, v.language, v.url
           FROM knowledge_base.articles a
           JOIN knowledge_base.article_versions v ON v.article = a.id AND v.version = a.version
          WHERE (a.changed, a.id) > ($1, $2) ORDER BY a.changed, a.id LIMIT $3`,
        [after.changed, after.id, limit],
      );
      return rows.map(({ url, deleted, ...row }) =>
        deleted
          ? { deleted, id: row.id, changed: row.changed }
          : { deleted, ...row, ...(url !== null && { url }) },
      );
    });
  }
}

/** Locks the tenant's knowledge for this transaction. @returns its version */
async function lockKnowledge(manager: EntityManager): Promise<number> {
  await manager.query(`INSERT INTO knowledge_base.knowledge DEFAULT VALUES ON CONFLICT DO NOTHING`);
  const rows = await manager.query<{ version: number }[]>(
    `SELECT version FROM knowledge_base.knowledge FOR UPDATE`,
  );
  return rows[0]?.version ?? 0;
}

const setKnowledge = (manager: EntityManager, version: number): Promise<unknown> =>
  manager.query(`UPDATE knowledge_base.knowledge SET version = $1`, [version]);

async function readCurrent(manager: EntityManager, ids: readonly string[]): Promise<Map<string, Current>> {
  const rows = await manager.query<Current[]>(
    `SELECT a.id, a.version, a.deleted, v.checksum
       FROM knowledge_base.articles a
       JOIN knowledge_base.article_versions v ON v.article = a.id AND v.version = a.version
      WHERE a.id = ANY($1::text[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

function judge(article: ArticleContent, current: Current | undefined): Written {
  const { id } = article;
  if (!current) return { id, outcome: 'created', version: 1 };
  const version = current.version + 1;
  // A deleted article that comes again is new to whoever searches.
  if (current.deleted) return { id, outcome: 'created', version };
  if (current.checksum === checksumOf(article)) return { id, outcome: 'unchanged', version: current.version };
  return { id, outcome: 'updated', version };
}

function checksumOf({ title, body, language, url, source }: ArticleContent): string {
  return createHash('sha256')
    .update(JSON.stringify([title, body, language, url ?? null, source ?? null]))
    .digest('hex');
}
