import { databaseConfig, migrate, roleUrls, TypeOrmDatabase } from '@clawdesk/database';
import { deriveId, conversationId, type Envelope, type ReplyComposed } from '@clawdesk/envelope';
import { startPostgres, type TestPostgres } from '@clawdesk/testing';
import { dispatchSchema } from '../src/migrations/dispatch.schema.js';

export interface Store {
  database: TypeOrmDatabase;
  stop(): Promise<void>;
}

export async function startStore(): Promise<Store> {
  const postgres: TestPostgres = await startPostgres();
  await migrate(postgres.url, postgres.secret, [dispatchSchema]);
  const database = await TypeOrmDatabase.connect({
    ...roleUrls(postgres.url, postgres.secret),
    ...databaseConfig(),
  });
  return {
    database,
    stop: async () => {
      await database.close();
      await postgres.stop();
    },
  };
}

let made = 0;

/** A bot's reply; what is left out is new. */
export function reply(tenant: string, given: Partial<ReplyComposed> = {}): Envelope<ReplyComposed> {
  made += 1;
  const thread = given.thread ?? `thread-${made}`;
  const data: ReplyComposed = {
    reply: deriveId('test reply', made),
    conversation: conversationId(tenant, thread),
    turn: deriveId('test turn', made),
    channel: 'webchat',
    account: 'main',
    thread,
    contactPoint: 'ann@example.test',
    author: { kind: 'bot', id: 'bot' },
    purpose: 'answer',
    language: 'en',
    text: `Reply ${made}`,
    citations: [],
    considered: [],
    fence: 0,
    ...given,
  };
  return {
    id: deriveId('test event', made),
    type: 'reply.composed',
    source: '/clawdesk/generation',
    time: new Date().toISOString(),
    dataschema: 'clawdesk:reply.composed:1.0',
    tenant,
    partitionkey: thread,
    correlationid: data.turn!,
    causationid: data.turn!,
    hops: 4,
    subjectkey: 'subject',
    data,
  };
}
