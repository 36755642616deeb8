import { brokenRule } from '@clawdesk/host';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { languageByScript, plainText, tidy, UnreadableBodyError } from './article-text.js';
import { ArticleItem } from './articles.dto.js';
import type { ArticleContent, WriteOutcome, Written } from './articles.store.js';

/** What became of one article of an import. */
export interface ImportResult {
  id: string;
  outcome: WriteOutcome | 'rejected';
  version?: number;
  /** Why it was rejected, and the field that is to blame. */
  reason?: string;
  field?: string;
}

/** What an article says, ready to be kept. @throws {UnreadableBodyError} */
export function contentOf({ id, title, body, format, language, url, source }: ArticleItem): ArticleContent {
  const plainTitle = tidy(title).replaceAll('\n', ' ');
  return {
    id,
    title: plainTitle,
    body: plainText(body, format ?? 'text'),
    language: language ?? languageByScript(plainTitle),
    ...(url && { url }),
    ...(source && { source: tidy(source) }),
  };
}

/**
 * Checks the articles of an import one by one. `finish` puts what became of the good ones beside the bad ones,
 * in the order in which they came.
 */
export function readImport(items: readonly unknown[]): {
  good: ArticleContent[];
  finish: (written: readonly Written[]) => ImportResult[];
} {
  const taken = new Set<string>();
  const read = items.map((item): ArticleContent | ImportResult => {
    const article = readItem(item);
    if ('outcome' in article) return article;
    if (taken.has(article.id))
      return reject(article.id, 'id', `id '${article.id}' comes twice in this import`);
    taken.add(article.id);
    return article;
  });
  const good = read.filter((one): one is ArticleContent => !('outcome' in one));
  const finish = (written: readonly Written[]): ImportResult[] => {
    const outcomes = written.values();
    return read.map((one) => ('outcome' in one ? one : (outcomes.next().value as Written)));
  };
  return { good, finish };
}

function readItem(item: unknown): ArticleContent | ImportResult {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    return reject('', 'articles', 'an article must be an object with id, title and body');
  }
  const article = plainToInstance(ArticleItem, item);
  const [error] = validateSync(article, {
    whitelist: true,
    forbidNonWhitelisted: true,
  });
  const id = typeof article.id === 'string' ? article.id.slice(0, 200) : '';
  if (error) return reject(id, error.property, brokenRule(error) ?? 'it is not right');
  try {
    return contentOf(article);
  } catch (failure) {
    if (failure instanceof UnreadableBodyError) return reject(id, 'body', failure.message);
    throw failure;
  }
}

const reject = (id: string, field: string, reason: string): ImportResult => ({
  id,
  outcome: 'rejected',
  field,
  reason,
});
