import type { Database } from '@clawdesk/database';
import { encode, toRecord, Topics, type Envelope } from '@clawdesk/envelope';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Router } from './router.js';
import type { BroadcastSubscription, LogRecord, Transport } from './transport.js';

const changed = (version: number, headers: Record<string, string> = {}): LogRecord => {
  const data = { version };
  const event: Envelope = {
    id: '8b7f0d7e-6a52-5d0c-9a6f-3e6b1f0a2c11',
    type: 'knowledge.changed',
    source: '/clawdesk/knowledge-base',
    time: '2026-01-01T00:00:00.000Z',
    dataschema: Topics.knowledgeChanged.dataschema,
    tenant: 'acme',
    partitionkey: 'acme',
    correlationid: 'c',
    causationid: 'c',
    hops: 0,
    subjectkey: 'acme',
    traceparent: undefined,
    data,
  };
  const bound = toRecord(event, encode(Topics.knowledgeChanged, data));
  return {
    ...bound,
    headers: { ...bound.headers, ...headers },
    topic: 'knowledge.changed',
    partition: 0,
    offset: 0,
    timestamp: 0,
  };
};

describe('a broadcast listener', () => {
  let router: Router | undefined;
  afterEach(() => router?.close());

  /** Starts one that fails as often as the test says; `seen` has its calls. */
  const listen = async (failures: number): Promise<{ seen: string[]; log: BroadcastSubscription }> => {
    const seen: string[] = [];
    let log!: BroadcastSubscription;
    const transport = {
      onFatal: () => undefined,
      broadcast: (subscription: BroadcastSubscription) => {
        log = subscription;
        return Promise.resolve({ close: () => Promise.resolve() });
      },
    } as unknown as Transport;
    router = new Router({
      transport,
      database: {} as Database,
      services: [],
      onFatal: (error) => seen.push(error.message),
      retry: { firstDelayMs: 1, maxDelayMs: 2 },
    });
    const invoke = (message: object | undefined): Promise<[]> => {
      seen.push(message ? `change ${(message as { version: number }).version}` : 'reload');
      return seen.length <= failures ? Promise.reject(new Error('The store is away')) : Promise.resolve([]);
    };
    await router.start([
      { pattern: 'knowledge.changed', extras: { kindOfSubscription: 'broadcast' }, invoke },
    ]);
    return { seen, log };
  };

  it('gets a reload that failed again, before the changes behind it', async () => {
    const { seen, log } = await listen(2);
    log.onConnect();
    log.onRecord(changed(1));
    await vi.waitFor(() => expect(seen).toEqual(['reload', 'reload', 'reload', 'change 1']));
  });

  it('reloads after a change that failed', async () => {
    const { seen, log } = await listen(1);
    log.onRecord(changed(1));
    await vi.waitFor(() => expect(seen).toEqual(['change 1', 'reload']));
  });

  it.each([
    ['cannot be read', { ce_id: '' }],
    ['is of a newer major version', { ce_dataschema: 'clawdesk:knowledge.changed:99.0' }],
  ])('reloads after a record that %s', async (_, headers) => {
    const { seen, log } = await listen(0);
    log.onRecord(changed(1, headers));
    await vi.waitFor(() => expect(seen).toEqual(['reload']));
  });

  it('is left alone once the router is closed', async () => {
    const { seen, log } = await listen(Infinity);
    log.onConnect();
    await vi.waitFor(() => expect(seen).toContain('reload'));
    await router!.close();
    const calls = seen.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen).toHaveLength(calls);
  });
});
