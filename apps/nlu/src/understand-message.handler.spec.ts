import { describe, expect, it } from 'vitest';
import { Topics, type Envelope, type MessageReceived } from '@clawdesk/envelope';
import { deliver } from '@clawdesk/messaging';
import { UnderstandMessage } from './understand-message.handler.js';

const handler = new UnderstandMessage();

function received(data: Partial<MessageReceived> & Record<string, unknown>): Envelope<MessageReceived> {
  const id = '6f1c2f3a-9d3b-5c0e-8a4b-7d2e1f605948';
  return {
    id,
    type: 'message.received',
    source: '/clawdesk/ingestion',
    time: '2026-01-01T00:00:00Z',
    dataschema: 'clawdesk:message.received:1.0',
    tenant: 'acme',
    partitionkey: 'thread',
    correlationid: id,
    causationid: id,
    hops: 0,
    subjectkey: 'contact',
    data: {
      channel: 'webchat',
      account: 'default',
      thread: 'thread',
      contactPoint: 'visitor',
      text: 'Hello',
      attachments: [],
      channelMessageId: '1',
      channelTime: '2026-01-01T00:00:00Z',
      ...data,
    },
  };
}

describe('UnderstandMessage', () => {
  it('adds language, intents, entities and sentiment', async () => {
    const text = 'Where is my order #A-10293? Write to anna@example.com';
    const [understood, ...more] = await deliver(handler, Topics.messageReceived, received({ text }));
    expect(more).toEqual([]);
    expect(understood).toMatchObject({
      topic: Topics.messageUnderstood,
      data: {
        text,
        channelMessageId: '1',
        language: 'en',
        entities: [
          { type: 'order-number', value: 'A-10293' },
          { type: 'email', value: 'anna@example.com' },
        ],
        sentiment: 0,
      },
    });
  });

  it('keeps the record’s key, and fields that it does not know', async () => {
    const [understood] = await deliver(handler, Topics.messageReceived, received({ mood: 'sunny' }));
    expect(understood).toMatchObject({ data: { mood: 'sunny' } });
    expect(understood!.key).toBeUndefined();
  });

  it.each([
    ['转人工客服', 'zh', 'wants-person'],
    ['谢谢您', 'zh', 'thanks'],
    ['Good morning', 'en', 'greeting'],
  ])('understands %j', async (text, language, intent) => {
    const [understood] = await deliver(handler, Topics.messageReceived, received({ text }));
    expect(understood).toMatchObject({ data: { language, intents: [{ name: intent }, {}, {}, {}] } });
  });
});
