import { randomUUID } from 'node:crypto';
import type {
  Accepted,
  Article,
  ArticleSummary,
  Command,
  Conversation,
  ConversationSummary,
  ImportedArticle,
  NewTenant,
  ServiceHealth,
  StreamEvent,
  Tenant,
  Thread,
} from './api.js';
import { ClawdeskError } from './errors.js';
import { eventStream, type StreamOptions } from './event-stream.js';
import { health } from './health.js';
import { request, requestJson, type Request } from './http.js';
import { insist, type Patience } from './insist.js';
import { ServiceUrls, type ServiceName } from './service-urls.js';

export interface SendOptions extends Partial<Patience> {
  /** The client's own id of the message: sent again with it, it stays one message. @default a new UUID */
  clientId?: string;
  locale?: string;
}

/** Clawdesk's HTTP API, as customers' and people's programs use it. */
export class ClawdeskClient {
  constructor(
    readonly urls: ServiceUrls = new ServiceUrls(),
    private readonly apiKey?: string,
  ) {}

  /** A client of the same server with another API key. */
  withKey(apiKey: string): ClawdeskClient {
    return new ClawdeskClient(this.urls, apiKey);
  }

  /** Opens a thread on the web chat, as a customer's browser does. */
  openThread(visitor: { tenant?: string; locale?: string } = {}): Promise<Thread> {
    return requestJson(this.urls.of('ingestion', '/chat/threads'), { method: 'POST', body: visitor });
  }

  /** Sends a customer's message, again and again with the same client id until the server has it. */
  sendMessage(token: string, text: string, options: SendOptions = {}): Promise<Accepted> {
    const { clientId = randomUUID(), locale, patienceMs = 30_000, signal, onRepeat } = options;
    const attempt = (): Promise<Accepted> =>
      requestJson(this.urls.of('ingestion', '/chat/messages'), {
        method: 'POST',
        bearer: token,
        body: { clientId, text, ...(locale && { locale }) },
        ...(signal && { signal }),
      });
    return insist(attempt, { patienceMs, ...(signal && { signal }), ...(onRepeat && { onRepeat }) });
  }

  /** Follows a thread: what was said and what will be. */
  stream(token: string, options: StreamOptions = {}): AsyncGenerator<StreamEvent> {
    return eventStream(this.urls.of('gateway', '/chat/stream'), token, options);
  }

  /** Puts articles in, at most 500; the same ones again change nothing. Results come in the order of the articles. */
  async importArticles(articles: readonly Article[]): Promise<ImportedArticle[]> {
    const answer = await this.asKeyHolder<{ results: ImportedArticle[] }>(
      'knowledge-base',
      '/api/articles/import',
      {
        method: 'POST',
        body: { articles },
      },
    );
    return answer.results;
  }

  /** All articles of the key's tenant, by id. @param patience for each page of them */
  async *articles(patience: Patience = { patienceMs: 0 }): AsyncGenerator<ArticleSummary> {
    let after: string | undefined = '';
    while (after !== undefined) {
      const query = new URLSearchParams({ limit: '200', after });
      const page: { articles: ArticleSummary[]; next?: string } = await insist(
        () => this.asKeyHolder('knowledge-base', `/api/articles?${query.toString()}`),
        patience,
      );
      yield* page.articles;
      after = page.next;
    }
  }

  /** Takes an article out of use. @throws {ProblemError} with status 404 when there is none */
  async removeArticle(id: string): Promise<void> {
    const path = `/api/articles/${encodeURIComponent(id)}`;
    await request(this.urls.of('knowledge-base', path), { method: 'DELETE', bearer: this.heldKey() });
  }

  addTenant(tenant: Tenant): Promise<NewTenant> {
    return this.asKeyHolder('gateway', '/api/tenants', { method: 'POST', body: tenant });
  }

  tenants(): Promise<Tenant[]> {
    return this.asKeyHolder('gateway', '/api/tenants');
  }

  async conversations(
    filter: { state?: string; limit?: number; before?: string } = {},
  ): Promise<ConversationSummary[]> {
    const query = new URLSearchParams(
      Object.entries(filter).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const path = `/api/conversations?${query.toString()}`;
    return (await this.asKeyHolder<{ conversations: ConversationSummary[] }>('business-logic', path))
      .conversations;
  }

  conversation(id: string): Promise<Conversation> {
    return this.asKeyHolder('business-logic', `/api/conversations/${encodeURIComponent(id)}`);
  }

  /** Tells what to do with a conversation; the effect comes on the stream. */
  async command(conversation: string, command: Omit<Command, 'id'> & { id?: string }): Promise<void> {
    const path = `/api/conversations/${encodeURIComponent(conversation)}/commands`;
    await this.asKeyHolder('business-logic', path, {
      method: 'POST',
      body: { id: randomUUID(), ...command },
    });
  }

  /** Whether a service can work. @throws {UnreachableError} when it does not answer at all. */
  health(service: ServiceName, signal?: AbortSignal): Promise<ServiceHealth> {
    return health(this.urls.of(service, '/health/ready'), signal);
  }

  private asKeyHolder<T>(
    service: ServiceName,
    path: string,
    options: Pick<Request, 'method' | 'body'> = {},
  ): Promise<T> {
    return requestJson(this.urls.of(service, path), { ...options, bearer: this.heldKey() });
  }

  private heldKey(): string {
    if (!this.apiKey) throw new ClawdeskError('This needs an API key.');
    return this.apiKey;
  }
}
