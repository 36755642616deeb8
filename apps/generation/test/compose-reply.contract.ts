import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  deriveId,
  replyId,
  Topics,
  type Envelope,
  type ReplyComposed,
  type TurnDecided,
} from '@clawdesk/envelope';
import { deliver, PermanentFailure } from '@clawdesk/messaging';
import { ComposeReply } from '../src/compose-reply.handler.js';
import { generationSchema } from '../src/migrations/generation.schema.js';
import { RepliesStore } from '../src/replies.store.js';
import { openDatabase, type OpenDatabase } from '@clawdesk/testing';

let open: OpenDatabase;
let handler: ComposeReply;
beforeAll(async () => {
  open = await openDatabase(generationSchema);
  handler = new ComposeReply(new RepliesStore(open.database));
});
afterAll(() => open.close());

let turns = 0;
const decided = (given: Partial<TurnDecided> = {}): TurnDecided => ({
  conversation: deriveId('conversation'),
  turn: deriveId('turn', (turns += 1)),
  channel: 'webchat',
  account: 'web',
  thread: 'thread-1',
  contactPoint: 'visitor-1',
  decision: 'answer',
  reason: 'found',
  language: 'en',
  question: 'Are returns free?',
  context: [],
  passages: [
    {
      id: 'p1',
      article: 'returns',
      version: 2,
      title: 'Returns',
      text: 'Returns are free.',
      language: 'en',
      score: 5,
      coverage: 0.9,
    },
    {
      id: 'p2',
      article: 'refunds',
      version: 1,
      title: 'Refunds',
      text: 'Refunds take long.',
      language: 'en',
      score: 1,
      coverage: 0.2,
    },
  ],
  fence: 3,
  ...given,
});

async function compose(data: TurnDecided, tenant = 'acme'): Promise<ReplyComposed> {
  const event: Envelope<TurnDecided> = {
    id: deriveId('event', data.turn),
    type: 'turn.decided',
    source: '/test',
    time: new Date().toISOString(),
    dataschema: 'test',
    tenant,
    partitionkey: data.thread,
    correlationid: data.turn,
    causationid: data.turn,
    hops: 3,
    subjectkey: 'contact-1',
    data,
  };
  const outputs = await deliver(handler, Topics.turnDecided, event);
  expect(outputs.map((output) => output.topic.name)).toEqual(['reply.composed']);
  return outputs[0]!.data as ReplyComposed;
}

describe('compose-reply', () => {
  it('answers with the decision’s fence, its citation and all articles that were considered', async () => {
    const turn = decided();
    expect(await compose(turn)).toEqual({
      reply: replyId(turn.turn, 'answer'),
      conversation: turn.conversation,
      turn: turn.turn,
      channel: 'webchat',
      account: 'web',
      thread: 'thread-1',
      contactPoint: 'visitor-1',
      author: { kind: 'bot', id: 'clawdesk' },
      purpose: 'answer',
      language: 'en',
      text: 'Here is what I found in “Returns”:\n\nReturns are free. [1]',
      citations: [{ number: 1, article: 'returns', version: 2, title: 'Returns' }],
      considered: ['returns', 'refunds'],
      fence: 3,
    });
  });

  it('gives the words it had when the turn comes again, whatever has changed since', async () => {
    const turn = decided();
    const first = await compose(turn);
    expect(await compose({ ...turn, passages: [], decision: 'ask-back' })).toEqual(first);
  });

  it('keeps tenants apart, even under the same turn id', async () => {
    const turn = decided();
    const acme = await compose(turn, 'acme');
    const globex = await compose({ ...turn, decision: 'greet' }, 'globex');
    expect(globex.purpose).toBe('greet');
    expect(await compose(turn, 'acme')).toEqual(acme);
  });

  it.each([
    ['greet', 'greeting', '您好'],
    ['thank', 'thanks', '不客气'],
    ['ask-back', 'nothing-found', '换个说法'],
    ['hand-off', 'wants-person', '好的'],
    ['hand-off', 'nothing-found', '抱歉'],
  ] as const)('has words of the customer’s language for %s (%s)', async (decision, reason, words) => {
    const reply = await compose(decided({ decision, reason, language: 'zh-CN', passages: [] }));
    expect(reply.text).toContain(words);
    expect(reply).toMatchObject({ language: 'zh', purpose: decision, citations: [], considered: [] });
  });

  it('refuses what has no words or no source', async () => {
    await expect(compose(decided({ decision: 'stay-silent' }))).rejects.toBeInstanceOf(PermanentFailure);
    await expect(compose(decided({ passages: [] }))).rejects.toBeInstanceOf(PermanentFailure);
  });

  it('keeps replies that are composed at the same time each under its own turn, a turn that comes twice once', async () => {
    const all = Array.from({ length: 40 }, (_, i) => decided({ question: `Are returns free? ${i}` }));
    const tenants = all.map((_, i) => (i % 2 === 0 ? 'acme' : 'globex'));
    const doubled = { ...all[0]!, decision: 'greet' as const };
    const replies = await Promise.all([
      ...all.map((data, i) => compose(data, tenants[i])),
      compose(doubled, tenants[0]),
    ]);
    expect(replies.slice(0, 40).map(({ turn }) => turn)).toEqual(all.map(({ turn }) => turn));
    expect(replies[40]).toEqual(replies[0]);
    expect(await compose(doubled, tenants[0])).toEqual(replies[0]);
  });
});
