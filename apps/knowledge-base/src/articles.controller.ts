import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { Caller, RequiresPermission, type ApiKeyIdentity } from '@clawdesk/auth';
import { deriveId, Topics } from '@clawdesk/envelope';
import { Problem } from '@clawdesk/host';
import { Publisher } from '@clawdesk/messaging';
import { ArticleListStore, type ArticleDetail, type ArticleSummary } from './article-list.store.js';
import { UnreadableBodyError } from './article-text.js';
import { ArticleBody, ArticleId, ImportBody, ListQuery, VersionQuery } from './articles.dto.js';
import { ArticlesStore, type ArticleContent, type Written } from './articles.store.js';
import { contentOf, readImport, type ImportResult } from './import-articles.js';
import { Knowledge } from './knowledge.js';

const pageSize = 50;

/** Looking after the articles of the API key's tenant. */
@Controller('api/articles')
export class ArticlesController {
  constructor(
    private readonly articles: ArticlesStore,
    private readonly lists: ArticleListStore,
    private readonly knowledge: Knowledge,
    private readonly publisher: Publisher,
  ) {}

  /** Articles by id. `next` is there when there may be more: pass it as `after`. */
  @Get()
  @RequiresPermission('articles:read')
  async list(
    @Caller() caller: ApiKeyIdentity,
    @Query() query: ListQuery,
  ): Promise<{ articles: ArticleSummary[]; next?: string }> {
    const limit = query.limit ?? pageSize;
    const q = query.q === undefined ? undefined : storable(query.q);
    const articles = await this.lists.list(caller.tenant, q, storable(query.after ?? ''), limit);
    const last = articles.at(-1);
    return { articles, ...(last && articles.length === limit && { next: last.id }) };
  }

  /** One article with its text, in its current version or the one asked for, and the list of its versions. */
  @Get(':id')
  @RequiresPermission('articles:read')
  async get(
    @Caller() caller: ApiKeyIdentity,
    @Param() { id }: ArticleId,
    @Query() { version }: VersionQuery,
  ): Promise<ArticleDetail> {
    const article = await this.lists.get(caller.tenant, id, version);
    if (!article) throw notFound();
    return article;
  }

  /** Puts many articles in. What is wrong with one is said in its result; the others go in. */
  @Post('import')
  @HttpCode(200)
  @RequiresPermission('articles:write')
  async import(
    @Caller() caller: ApiKeyIdentity,
    @Body() body: ImportBody,
  ): Promise<{ results: ImportResult[] }> {
    const { good, finish } = readImport(body.articles);
    return { results: finish(good.length > 0 ? await this.write(caller.tenant, good) : []) };
  }

  /** Puts one article in, or a new version of it. Answers when questions find it. */
  @Put(':id')
  @RequiresPermission('articles:write')
  async put(
    @Caller() caller: ApiKeyIdentity,
    @Param() { id }: ArticleId,
    @Body() body: ArticleBody,
  ): Promise<Written> {
    const [written] = await this.write(caller.tenant, [readOrRefuse({ ...body, id })]);
    return written!;
  }

  /** Takes an article out of use; its versions stay. */
  @Delete(':id')
  @HttpCode(204)
  @RequiresPermission('articles:write')
  async delete(@Caller() caller: ApiKeyIdentity, @Param() { id }: ArticleId): Promise<void> {
    const version = await this.articles.delete(caller.tenant, id);
    if (version === undefined) throw notFound();
    await this.announce(caller.tenant, version);
  }

  private async write(tenant: string, articles: readonly ArticleContent[]): Promise<Written[]> {
    const { knowledgeVersion, written } = await this.articles.write(tenant, articles);
    await this.announce(tenant, knowledgeVersion);
    return written;
  }

  /**
   * This replica first, so that whoever has the answer finds the articles; then the others. It is published when
   * nothing has changed, too: when the log was down at the first attempt, the repeated one reaches the others.
   */
  private async announce(tenant: string, version: number): Promise<void> {
    await this.knowledge.refresh(tenant, version);
    await this.publisher.publish(Topics.knowledgeChanged.message({ version }), {
      tenant,
      key: tenant,
      id: deriveId('knowledge', tenant, version),
    });
  }
}

function readOrRefuse(article: ArticleBody & ArticleId): ArticleContent {
  try {
    return contentOf(article);
  } catch (error) {
    if (!(error instanceof UnreadableBodyError)) throw error;
    throw new Problem(400, 'The request is not right', {
      errors: [{ field: 'body', message: error.message }],
    });
  }
}

/** PostgreSQL takes neither NUL nor halves of characters; no article contains one. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');

const notFound = (): Problem => new Problem(404, 'There is no such article');
