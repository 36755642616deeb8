import { Injectable } from '@nestjs/common';
import { Database } from '@clawdesk/database';

/** An article as lists show it. */
export interface ArticleSummary {
  id: string;
  version: number;
  title: string;
  language: string;
  url?: string;
  source?: string;
  updatedAt: string;
}

export interface VersionSummary {
  version: number;
  title: string;
  createdAt: string;
}

/** An article in one of its versions, and which others there are. */
export interface ArticleDetail extends ArticleSummary {
  body: string;
  versions: VersionSummary[];
}

interface SummaryRow {
  id: string;
  version: number;
  title: string;
  language: string;
  url: string | null;
  source: string | null;
  updated_at: Date;
}

/** What people and programs that look after the articles read. */
@Injectable()
export class ArticleListStore {
  constructor(private readonly database: Database) {}

  /** Articles by id, after the given one; with `q` those whose id, title or text contains it. */
  list(tenant: string, q: string | undefined, after: string, limit: number): Promise<ArticleSummary[]> {
    const pattern = q === undefined ? null : `%${q.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
    return this.database.tenantScope(tenant, async (manager) => {
      const rows = await manager.query<SummaryRow[]>(
        `SELECT a.id, a.version, v.title, v.language, v.url, v.source, a.updated_at
           FROM knowledge_base.articles a
           JOIN knowledge_base.article_versions v ON v.article = a.id AND v.version = a.version
          WHERE NOT a.deleted AND a.id > $1
            AND ($2::text IS NULL OR a.id ILIKE $2 OR v.title ILIKE $2 OR v.body ILIKE $2)
          ORDER BY a.id LIMIT $3`,
        [after, pattern, limit],
      );
      return rows.map(summaryOf);
    });
  }

  /** One article, in its current or a named version. @returns undefined when there is none */
  get(tenant: string, id: string, version?: number): Promise<ArticleDetail | undefined> {
    return this.database.tenantScope(tenant, async (manager) => {
      const rows = await manager.query<(SummaryRow & { body: string })[]>(
        `SELECT a.id, v.version, v.title, v.language, v.url, v.source, a.updated_at, v.body
           FROM knowledge_base.articles a
           JOIN knowledge_base.article_versions v ON v.article = a.id AND v.version = coalesce($2::integer, a.version)
          WHERE a.id = $1 AND NOT a.deleted`,
        [id, version ?? null],
      );
      const row = rows[0];
      if (!row) return undefined;
      const versions = await manager.query<{ version: number; title: string; created_at: Date }[]>(
        `SELECT version, title, created_at FROM knowledge_base.article_versions
          WHERE article = $1 ORDER BY version DESC LIMIT 100`,
        [id],
      );
      return {
        ...summaryOf(row),
        body: row.body,
        versions: versions.map(({ created_at, ...rest }) => ({
          ...rest,
          createdAt: created_at.toISOString(),
        })),
      };
    });
  }
}

const summaryOf = ({
  id,
  version,
  title,
  language,
  url,
  source,
  updated_at,
}: SummaryRow): ArticleSummary => ({
  id,
  version,
  title,
  language,
  ...(url !== null && { url }),
  ...(source !== null && { source }),
  updatedAt: updated_at.toISOString(),
});
