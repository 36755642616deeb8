import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { longestId, type ArticleRead, type Read } from './source.js';

/** An article that the server has, and the file it came from. */
interface Known {
  id: string;
  source?: string;
}

/**
 * Gives what is read from files its ids: the same file meets the same article, by whichever folder it is imported, and
 * no file takes the article of another one that is still there. Ids that files and rows give themselves stay.
 */
export async function* withKnownIds(
  reads: AsyncIterable<Read>,
  list: () => AsyncIterable<Known>,
): AsyncGenerator<Read> {
  let known: KnownArticles | undefined;
  const rows: Known[] = [];
  for await (const read of reads) {
    if (!('article' in read)) yield read;
    else if (read.idFrom === 'row') {
      // A server with many articles is not asked for all of them by tables, which name their own.
      (known ?? rows).push(read.article);
      yield read;
    } else {
      known ??= await KnownArticles.load(list(), rows);
      yield known.placed(read);
    }
  }
}

class KnownArticles {
  private readonly bySource = new Map<string, string>();
  private readonly byId = new Map<string, Known>();

  static async load(articles: AsyncIterable<Known>, rows: readonly Known[]): Promise<KnownArticles> {
    const known = new KnownArticles();
    for await (const article of articles) known.push(article);
    known.push(...rows);
    return known;
  }

  push(...articles: Known[]): void {
    for (const { id, source } of articles) {
      this.byId.set(id, { id, ...(source !== undefined && { source }) });
      if (source !== undefined) this.bySource.set(source, id);
    }
  }

  placed(read: ArticleRead): ArticleRead {
    const { article } = read;
    const before = this.bySource.get(article.source);
    let id = article.id;
    let note: string | undefined;
    if (read.idFrom === 'file') note = before === undefined || before === id ? undefined : renamed(before);
    else if (before !== undefined) id = before;
    else [id, note] = this.freeId(id);
    this.push({ id, source: article.source });
    return { ...read, article: { ...article, id }, ...(note && { note }) };
  }

  /** The id that the path gives, unless it is another's; of a file that is gone it is the same article, moved. */
  private freeId(wanted: string): [string, string?] {
    const holder = this.byId.get(wanted);
    if (!holder) return [wanted];
    if (holder.source !== undefined && isAbsolute(holder.source) && !existsSync(holder.source))
      return [wanted, `takes the place of ${holder.source}, which is not there any more`];
    let id = wanted;
    for (let number = 2; this.byId.has(id); number += 1) {
      const ending = `-${number}`;
      id = wanted.slice(0, longestId - ending.length) + ending;
    }
    return [
      id,
      `the id '${wanted}' belongs to ${holder.source ?? 'an article of no file'}: this one is '${id}'`,
    ];
  }
}

const renamed = (before: string): string =>
  `was '${before}' before, which is still there: \`npm run clawdesk -- articles remove ${before}\` takes it out`;
