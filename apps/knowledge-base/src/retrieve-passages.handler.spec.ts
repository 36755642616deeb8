import { describe, expect, it } from 'vitest';
import { DatabaseUnavailableError } from '@clawdesk/database';
import { Topics, type Envelope, type MessageUnderstood, type PassagesRequested } from '@clawdesk/envelope';
import { deliver, DependencyUnavailable } from '@clawdesk/messaging';
import { ArticleIndex } from './article-index.js';
import type { Knowledge } from './knowledge.js';
import { RetrievePassages } from './retrieve-passages.handler.js';

const index = new ArticleIndex();
index.put({
  id: 'password',
  version: 3,
  title: 'Reset a password',
  body: 'Choose "Forgotten".',
  language: 'en',
});
const empty = new ArticleIndex();

/** acme has articles, others have none. */
const knowledge = {
  of: (tenant: string) =>
    tenant === 'down'
      ? Promise.reject(new DatabaseUnavailableError('down'))
      : Promise.resolve({ index: tenant === 'acme' ? index : empty, version: 7 }),
} as Pick<Knowledge, 'of'> as Knowledge;
const handler = new RetrievePassages(knowledge);

const message: MessageUnderstood = {
  channel: 'webchat',
  account: 'default',
  thread: 'thread',
  contactPoint: 'visitor',
  text: 'reset password',
  attachments: [],
  channelMessageId: '1',
  channelTime: '2026-01-01T00:00:00Z',
  language: 'en',
  intents: [],
  entities: [],
  sentiment: 0,
};
const event = <P extends object>(data: P, tenant = 'acme'): Envelope<P> => ({
  id: '6f1c2f3a-9d3b-5c0e-8a4b-7d2e1f605948',
  type: 'message.understood',
  source: '/clawdesk/nlu',
  time: '2026-01-01T00:00:00Z',
  dataschema: 'clawdesk:message.understood:1.0',
  tenant,
  partitionkey: 'thread',
  correlationid: '6f1c2f3a-9d3b-5c0e-8a4b-7d2e1f605948',
  causationid: '6f1c2f3a-9d3b-5c0e-8a4b-7d2e1f605948',
  hops: 1,
  subjectkey: 'contact',
  data,
});

describe('RetrievePassages', () => {
  it('carries the message on, with the passages and what was searched', async () => {
    const outputs = await deliver(handler, Topics.messageUnderstood, event({ ...message, mood: 'sunny' }));
    expect(outputs).toMatchObject([
      {
        topic: Topics.passagesRetrieved,
        data: {
          ...message,
          mood: 'sunny',
          query: 'reset password',
          attempt: 1,
          knowledgeVersion: 7,
          passages: [{ article: 'password', version: 3, coverage: 1 }],
        },
      },
    ]);
  });

  it('searches again for the query that was asked for', async () => {
    const request: PassagesRequested = {
      ...message,
      text: 'and then?',
      query: 'reset password and then?',
      attempt: 2,
    };
    const [output] = await deliver(handler, Topics.passagesRequested, event(request));
    expect(output).toMatchObject({
      data: { text: 'and then?', query: request.query, attempt: 2, passages: [{ article: 'password' }] },
    });
  });

  it('gives no tenant another one’s articles', async () => {
    const [output] = await deliver(handler, Topics.messageUnderstood, event(message, 'globex'));
    expect(output).toMatchObject({ data: { passages: [] } });
  });

  it('waits for the database when the articles cannot be loaded', async () => {
    const failure: unknown = await deliver(handler, Topics.messageUnderstood, event(message, 'down')).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(DependencyUnavailable);
    expect(failure).toMatchObject({ dependency: 'database' });
  });
});
