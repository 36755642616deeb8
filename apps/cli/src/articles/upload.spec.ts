import { describe, expect, it } from 'vitest';
import { ClawdeskClient, ProblemError, type Article, type ImportedArticle } from '@clawdesk/client';
import type { Read } from './source.js';
import { upload } from './upload.js';

/** A server that takes what `refuse` lets pass, and keeps the size of each batch. */
class FakeServer extends ClawdeskClient {
  readonly batches: number[] = [];

  constructor(
    private readonly refuse: (articles: readonly Article[]) => ProblemError | undefined = () => undefined,
  ) {
    super();
  }

  override importArticles(articles: readonly Article[]): Promise<ImportedArticle[]> {
    const refusal = this.refuse(articles);
    if (refusal) return Promise.reject(refusal);
    this.batches.push(articles.length);
    return Promise.resolve(articles.map(({ id }) => ({ id, outcome: 'created' })));
  }
}

async function* reads(...all: Read[]): AsyncGenerator<Read> {
  yield* all;
}

const article = (id: string, line: number, body = 'text'): Read => ({
  place: `faq.csv:${line}`,
  idFrom: 'row',
  article: { id, title: id, body, source: '/faq.csv' },
});

describe('upload', () => {
  it('sends batches of at most 200 articles', async () => {
    const server = new FakeServer();
    const all = Array.from({ length: 450 }, (_, index) => article(`a${index}`, index));
    expect((await upload(server, reads(...all))).created).toBe(450);
    expect(server.batches).toEqual([200, 200, 50]);
  });

  it('reports what could not be read and an id that comes twice, with their places', async () => {
    const report = await upload(
      new FakeServer(),
      reads(article('a', 2), { place: 'faq.csv:3', problem: 'no id' }, article('a', 4), article('b', 5)),
    );
    expect(report).toMatchObject({ created: 2 });
    expect(report.rejected).toEqual([
      { place: 'faq.csv:3', problem: 'no id' },
      { place: 'faq.csv:4', problem: "the id 'a' is taken already by faq.csv:2: the first one was imported" },
    ]);
  });

  it('finds the article that a batch was refused for, and takes the others', async () => {
    const refusal = new ProblemError(
      400,
      'Bad',
      undefined,
      [{ field: 'x', message: 'articles.0.body is too long' }],
      undefined,
    );
    const server = new FakeServer((articles) =>
      articles.some(({ body }) => body === 'long') ? refusal : undefined,
    );
    const report = await upload(server, reads(article('a', 2), article('b', 3, 'long'), article('c', 4)));
    expect(report.created).toBe(2);
    expect(report.rejected).toEqual([{ place: 'faq.csv:3', problem: 'body is too long' }]);
  });

  it('waits and repeats while the server asks for patience', async () => {
    let left = 2;
    const busy = new ProblemError(503, 'Busy', undefined, [], 0);
    const waits: string[] = [];
    const report = await upload(
      new FakeServer(() => (left-- > 0 ? busy : undefined)),
      reads(article('a', 2)),
      {
        onWait: ({ message }) => waits.push(message),
      },
    );
    expect(report.created).toBe(1);
    expect(waits).toEqual(['Busy (HTTP 503)', 'Busy (HTTP 503)']);
  });

  it('passes on that the key is not good', async () => {
    const refused = new ProblemError(401, 'Who are you?', undefined, [], undefined);
    await expect(upload(new FakeServer(() => refused), reads(article('a', 2)))).rejects.toBe(refused);
  });
});
