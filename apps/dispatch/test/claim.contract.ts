import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChannelRegistry, webchat, type Channel } from '@clawdesk/channels';
import {
  Topics,
  type Envelope,
  type OwnerChanged,
  type ReplyComposed,
  type ReplyDelivered,
} from '@clawdesk/envelope';
import { deliver } from '@clawdesk/messaging';
import { ClaimReply } from '../src/claim-reply.handler.js';
import { ClaimsStore } from '../src/claims.store.js';
import { FencesStore } from '../src/fences.store.js';
import { RaiseFence } from '../src/raise-fence.handler.js';
import type { Account } from '../src/delivery.js';
import { reply, startStore, type Store } from './fixture.js';

const post: Channel = {
  ...webchat,
  id: 'post',
  capabilities: { ...webchat.capabilities, settledBy: 'provider' },
};

let store: Store;
let claimer: ClaimReply;
let raiser: RaiseFence;
const woken: Account[] = [];

beforeAll(async () => {
  store = await startStore();
  const { database } = store;
  const sender = { wake: (account: Account) => void woken.push(account) };
  const channels = new ChannelRegistry([webchat, post]);
  claimer = new ClaimReply(new ClaimsStore(database), channels, sender, database);
  raiser = new RaiseFence(new FencesStore(database));
});
afterAll(() => store.stop());

const claim = async (event: Envelope<ReplyComposed>): Promise<string[]> =>
  (await deliver(claimer, Topics.replyComposed, event)).map(({ data }) => (data as ReplyDelivered).outcome);

function raise(tenant: string, conversation: string, fence: number): ReturnType<typeof deliver> {
  const { data, ...event } = reply(tenant);
  const changed: Envelope<OwnerChanged> = { ...event, data: { conversation, thread: data.thread, fence } };
  return deliver(raiser, Topics.ownerChanged, changed);
}

const states = (tenant: string, id: string): Promise<{ state: string; payload: unknown }[]> =>
  store.database.tenantScope(tenant, (manager) =>
    manager.query(`SELECT state, payload FROM dispatch.deliveries WHERE reply = $1`, [id]),
  );

describe('claiming', () => {
  it('settles a reply of web chat with the claim, once', async () => {
    const event = reply('default');
    expect(await claim(event)).toEqual(['sent']);
    expect(await claim(event)).toEqual([]);
    expect(await states('default', event.data.reply)).toEqual([{ state: 'sent', payload: null }]);
  });

  it('claims a reply once when it comes twice at the same time', async () => {
    const event = reply('default');
    const outcomes = await Promise.all([claim(event), claim(event), claim(event)]);
    expect(outcomes.flat()).toEqual(['sent']);
  });

  it('leaves a reply of a channel with a provider to the sender', async () => {
    const event = reply('default', { channel: 'post' });
    expect(await claim(event)).toEqual([]);
    expect(woken).toEqual([{ tenant: 'default', channel: 'post', account: 'main' }]);
    expect(await states('default', event.data.reply)).toMatchObject([
      { state: 'claimed', payload: { reply: event.data } },
    ]);
  });

  it('takes any text', async () => {
    const event = reply('default', { channel: 'post', text: 'a\u0000b \uD83D c' });
    await claim(event);
    const [row] = await states('default', event.data.reply);
    expect(row?.payload).toMatchObject({ reply: { text: event.data.text } });
  });

  it('dead-letters a reply for a channel that does not exist', async () => {
    await expect(claim(reply('default', { channel: 'pigeon' }))).rejects.toThrow(/no channel 'pigeon'/);
  });

  it('keeps tenants apart', async () => {
    const event = reply('default', { channel: 'post' });
    await claim(event);
    expect(await states('acme', event.data.reply)).toEqual([]);
    expect(await claim({ ...event, tenant: 'acme', data: { ...event.data, channel: 'webchat' } })).toEqual([
      'sent',
    ]);
  });
});

describe('a fence', () => {
  it('stops older replies of the bot, not newer ones, and never a person', async () => {
    const { data } = reply('default');
    const { thread, conversation } = data;
    expect(await claim(reply('default', { thread }))).toEqual(['sent']);
    const outputs = await raise('default', conversation, 2);
    expect(outputs).toMatchObject([{ topic: Topics.ownerFenced, data: { conversation, fence: 2 } }]);
    expect(await claim(reply('default', { thread, fence: 1 }))).toEqual(['fenced']);
    expect(await claim(reply('default', { thread, fence: 2 }))).toEqual(['sent']);
    // Decided under an owner whose change is still on its way here.
    expect(await claim(reply('default', { thread, fence: 3 }))).toEqual(['sent']);
    expect(await claim(reply('default', { thread, fence: undefined }))).toEqual(['sent']);
  });

  it('never falls', async () => {
    const { conversation, thread } = reply('default').data;
    await raise('default', conversation, 5);
    await raise('default', conversation, 4);
    expect(await claim(reply('default', { thread, fence: 4 }))).toEqual(['fenced']);
  });

  it("of one tenant is not another's", async () => {
    const { conversation, thread } = reply('default').data;
    await raise('acme', conversation, 5);
    expect(await claim(reply('default', { thread, conversation }))).toEqual(['sent']);
  });

  it('that is being raised is waited for, also the first one of a conversation', async () => {
    const { conversation, thread } = reply('default').data;
    let commit!: () => void;
    let raised!: () => void;
    const hasRaised = new Promise<void>((resolve) => (raised = resolve));
    const mayCommit = new Promise<void>((resolve) => (commit = resolve));
    const raising = store.database.tenantScope('default', async () => {
      await raise('default', conversation, 1);
      raised();
      await mayCommit;
    });
    await hasRaised;
    const claiming = claim(reply('default', { thread, fence: 0 }));
    await Promise.race([claiming, waits(store)]);
    commit();
    await raising;
    expect(await claiming).toEqual(['fenced']);
  });
});

/** Until some session of the database waits for a lock. */
async function waits({ database }: Store): Promise<void> {
  for (;;) {
    const [row]: { waiting: boolean }[] = await database.platformScope((manager) =>
      manager.query(`SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted) AS waiting`),
    );
    if (row!.waiting) return;
  }
}
