import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TenantDirectory, type Tenant } from '@clawdesk/auth';
import { ChannelRegistry, type Channel, type ChannelCapabilities } from '@clawdesk/channels';
import { Topics, type Outgoing, type ReplyComposed, type ReplyDelivered } from '@clawdesk/envelope';
import { Lifecycle } from '@clawdesk/host';
import { deliver, Publisher, TransportUnavailableError, type Origin } from '@clawdesk/messaging';
import { until } from '@clawdesk/testing';
import { ClaimReply } from '../src/claim-reply.handler.js';
import { ClaimsStore } from '../src/claims.store.js';
import type { SenderConfig } from '../src/dispatch.config.js';
import { Sender } from '../src/sender.js';
import { SendsStore } from '../src/sends.store.js';
import { reply, startStore, type Store } from './fixture.js';
import { Provider, providerChannel } from './provider.js';

const config: SenderConfig = {
  concurrency: 8,
  attemptMs: 300,
  attempts: 3,
  firstPauseMs: 20,
  longestPauseMs: 100,
  breakAfter: 100,
  leaseMs: 1_500,
  pollMs: 50,
};

class Directory extends TenantDirectory {
  private readonly tenants: Tenant[] = ['default', 'acme'].map((id) => ({
    id,
    name: id,
    secret: Buffer.alloc(32),
  }));
  find(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
  all(): Promise<readonly Tenant[]> {
    return Promise.resolve(this.tenants);
  }
}

class Log extends Publisher {
  readonly delivered: (ReplyDelivered & { id: string; tenant: string })[] = [];
  down = false;
  publish(outgoing: Outgoing, { id, tenant }: Origin): Promise<void> {
    if (this.down) return Promise.reject(new TransportUnavailableError('The log is away.'));
    this.delivered.push({ ...(outgoing.data as ReplyDelivered), id, tenant });
    return Promise.resolve();
  }
  outcomes(text: string): string[] {
    return this.delivered.filter((each) => each.text === text).map(({ outcome }) => outcome);
  }
}

/** A process of dispatch. */
class Dispatcher extends Lifecycle {
  private readonly starts: (() => void | Promise<void>)[] = [];
  private readonly stops: (() => void | Promise<void>)[] = [];
  private readonly claimer: ClaimReply;

  constructor(channel: Channel, sending: Partial<SenderConfig>) {
    super();
    const { database } = store;
    const channels = new ChannelRegistry([channel]);
    const settings = { ...config, ...sending };
    const sender = new Sender(new SendsStore(database), log, new Directory(), channels, settings, this);
    this.claimer = new ClaimReply(new ClaimsStore(database), channels, sender, database);
  }
  onReady(start: () => void): void {
    this.starts.push(start);
  }
  onDrain(stop: () => Promise<void>): void {
    this.stops.push(stop);
  }
  async start(): Promise<this> {
    for (const start of this.starts) await start();
    return this;
  }
  async stop(): Promise<void> {
    for (const stop of this.stops.splice(0)) await stop();
  }
  async claim(
    text: string,
    thread: string,
    given: Partial<ReplyComposed> = {},
    tenant = 'default',
  ): Promise<void> {
    const event = reply(tenant, { channel: 'post', account, text, thread, ...given });
    await deliver(this.claimer, Topics.replyComposed, event);
  }
}

let store: Store;
let log: Log;
let provider: Provider;
let account: string;
let tests = 0;
const running: Dispatcher[] = [];

async function start(
  capabilities: Partial<ChannelCapabilities> = {},
  sending: Partial<SenderConfig> = {},
): Promise<Dispatcher> {
  const dispatcher = new Dispatcher(providerChannel(provider, capabilities), sending);
  running.push(dispatcher);
  return dispatcher.start();
}

const delivered = (count: number): Promise<boolean> =>
  until(() => log.delivered.length >= count, { what: `${count} outcomes on the log` });

beforeAll(async () => {
  store = await startStore();
});
afterAll(() => store.stop());
beforeEach(async () => {
  account = `account-${(tests += 1)}`;
  log = new Log();
  provider = new Provider();
  await provider.start();
});
afterEach(async () => {
  for (const dispatcher of running.splice(0)) await dispatcher.stop();
  provider.stop();
});

describe('the sender', () => {
  it('sends each reply once and reports it with the provider’s id', async () => {
    const dispatcher = await start();
    await dispatcher.claim('Hello', 'a');
    await delivered(1);
    expect(log.delivered[0]).toMatchObject({
      outcome: 'sent',
      providerId: 'provider-1',
      text: 'Hello',
      account,
    });
    expect(provider.taken).toEqual(['Hello']);
  });

  it('keeps the order of a thread, while other threads go on beside a hanging one', async () => {
    const dispatcher = await start();
    provider.script.set('a1', [{ status: 500 }, 'hang']);
    for (const text of ['a1', 'a2', 'a3']) await dispatcher.claim(text, 'a');
    for (const text of ['b1', 'b2']) await dispatcher.claim(text, 'b');
    await delivered(5);
    expect(provider.requests.map(({ text }) => text).filter((text) => text.startsWith('a'))).toEqual([
      'a1',
      'a1',
      'a2',
      'a3',
    ]);
    expect(log.delivered.map(({ text }) => text).filter((text) => text.startsWith('a'))).toEqual([
      'a1',
      'a2',
      'a3',
    ]);
    expect(log.outcomes('a1')).toEqual(['unknown']);
    // All of b was through while a1 still hung.
    expect(log.delivered.slice(0, 2).map(({ text }) => text)).toEqual(['b1', 'b2']);
  });

  it('leaves unknown what was accepted without an answer, and never sends it again', async () => {
    provider.script.set('dropped', ['drop']);
    const dispatcher = await start();
    await dispatcher.claim('dropped', 'a');
    await dispatcher.claim('next', 'a');
    await delivered(2);
    expect([log.outcomes('dropped'), log.outcomes('next')]).toEqual([['unknown'], ['sent']]);
    expect(provider.taken).toEqual(['dropped', 'next']);
  });

  it('sends again what the provider recognises', async () => {
    provider.script.set('dropped', ['drop']);
    const dispatcher = await start({ whenUnknown: 'repeat' });
    await dispatcher.claim('dropped', 'a');
    await delivered(1);
    expect(log.outcomes('dropped')).toEqual(['sent']);
    expect(provider.taken).toEqual(['dropped', 'dropped']);
  });

  it('tries again after an error of the provider, and gives up in the end', async () => {
    provider.script.set('late', [{ status: 503 }, { status: 503 }]);
    provider.script.set('never', [{ status: 503 }, { status: 503 }, { status: 503 }]);
    provider.script.set('refused', [{ status: 403 }]);
    const dispatcher = await start();
    for (const text of ['late', 'never', 'refused']) await dispatcher.claim(text, text);
    await delivered(3);
    expect(['late', 'never', 'refused'].map((text) => log.outcomes(text))).toEqual([
      ['sent'],
      ['failed'],
      ['failed'],
    ]);
    expect(log.delivered.find(({ text }) => text === 'never')?.detail).toBe(
      'Given up after 3 attempts. HTTP 503',
    );
  });

  it('waits with the whole account as long as the provider asks', async () => {
    provider.script.set('first', [{ status: 429, retryAfterS: 1 }]);
    const dispatcher = await start();
    await dispatcher.claim('first', 'a');
    await until(() => provider.requests.length === 1, { what: 'the refusal' });
    await dispatcher.claim('second', 'b');
    await delivered(2);
    const [refused, ...later] = provider.requests.map(({ at }) => at);
    for (const at of later) expect(at - refused!).toBeGreaterThanOrEqual(990);
  });

  it('lets one attempt tell whether a failing account works again', async () => {
    const dispatcher = await start({}, { breakAfter: 2, attempts: 50, concurrency: 2 });
    provider.otherwise = { status: 500 };
    for (const thread of ['a', 'b', 'c', 'd']) await dispatcher.claim(thread, thread);
    await until(() => provider.requests.length >= 4, { what: 'attempts after the breaker opened' });
    provider.mostOpen = 0;
    await until(() => provider.requests.length >= 8, { what: 'more attempts' });
    expect(provider.mostOpen).toBe(1);
    provider.otherwise = 'accept';
    await delivered(4);
    expect(provider.taken.toSorted()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('does not send a text that the channel cannot take', async () => {
    const dispatcher = await start();
    await dispatcher.claim('x'.repeat(101), 'a');
    await delivered(1);
    expect(log.delivered[0]).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('100 characters'),
    });
    expect(provider.requests).toEqual([]);
  });

  it('reports an outcome when the log is back, before the thread goes on', async () => {
    const dispatcher = await start();
    log.down = true;
    await dispatcher.claim('one', 'a');
    await dispatcher.claim('two', 'a');
    await until(() => provider.taken.length === 1, { what: 'the first to be sent' });
    log.down = false;
    await delivered(2);
    expect(log.delivered.map(({ text, outcome }) => `${text} ${outcome}`)).toEqual(['one sent', 'two sent']);
    expect(provider.taken).toEqual(['one', 'two']);
  });

  it('works off what it finds, of every tenant, each for itself', async () => {
    const before = new Dispatcher(providerChannel(provider), {});
    await before.claim('ours', 'same thread');
    await before.claim('theirs', 'same thread', {}, 'acme');
    await start();
    await delivered(2);
    expect(log.delivered.map(({ tenant, text }) => `${tenant} ${text}`).toSorted()).toEqual([
      'acme theirs',
      'default ours',
    ]);
  });
});

describe('several processes', () => {
  it('send each reply once, in the order of its thread', async () => {
    const dispatchers = [await start(), await start(), await start()];
    const texts = ['a', 'b', 'c', 'd', 'e'].flatMap((thread) => [1, 2, 3, 4].map((n) => `${thread}${n}`));
    for (const [i, text] of texts.entries()) await dispatchers[i % 3]!.claim(text, text[0]!);
    await delivered(texts.length);
    expect(provider.taken.toSorted()).toEqual(texts.toSorted());
    for (const thread of ['a', 'b', 'c', 'd', 'e']) {
      const order = log.delivered.map(({ text }) => text).filter((text) => text.startsWith(thread));
      expect(order).toEqual([1, 2, 3, 4].map((n) => `${thread}${n}`));
    }
  });

  it.each([
    ['leave', ['unknown'], 0],
    ['repeat', ['sent'], 1],
  ] as const)('take over what a dead one was sending (%s)', async (whenUnknown, outcomes, sentAgain) => {
    const dead = new Dispatcher(providerChannel(provider), {});
    await dead.claim('halfway', 'a');
    // Dies after it has said that it sends.
    const sends = new SendsStore(store.database);
    const of = { tenant: 'default', channel: 'post', account };
    await sends.hold(of, '00000000-0000-4000-8000-000000000000', 200);
    expect(await sends.begin(of, 10)).toHaveLength(1);
    await start({ whenUnknown });
    await dead.claim('next', 'a');
    await delivered(2);
    expect(log.outcomes('halfway')).toEqual(outcomes);
    expect(provider.requests.filter(({ text }) => text === 'halfway')).toHaveLength(sentAgain);
    expect(log.outcomes('next')).toEqual(['sent']);
  });

  it('go on at once when one ends, which first finishes what it sends', async () => {
    const first = await start();
    provider.script.set('slow', ['hang']);
    await first.claim('slow', 'a');
    await until(() => provider.open === 1, { what: 'the slow one to be sent' });
    await first.stop();
    expect(log.outcomes('slow')).toEqual(['unknown']);
    const second = await start({}, { leaseMs: 60_000 });
    await second.claim('after', 'a');
    await delivered(2);
    expect(log.outcomes('after')).toEqual(['sent']);
  });
});
