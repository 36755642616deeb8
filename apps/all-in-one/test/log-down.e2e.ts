import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { postgresProcesses } from '@clawdesk/processes';
import { Crowd } from './support/crowd.js';
import { EmbeddedSystem, KafkaSystem, kafkaMissingHere } from './support/system.js';
import { World } from './support/world.js';

let world: World | undefined;
afterEach(() => world?.end());

interface Outage {
  begin(): Promise<void> | void;
  end(): Promise<void> | void;
}

/** While the log is away nothing is accepted; what was, and what comes again afterwards, is answered once and in order. */
async function refusesAndGoesOn(there: World, outage: Outage): Promise<void> {
  const crowd = await Crowd.of(there, 20);
  await crowd.hasSent(crowd.total * 0.2);
  await outage.begin();
  try {
    const { thread } = await there.customer(there.tenants[0]);
    const answer = await fetch(there.system.urls.of('ingestion', '/chat/messages'), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${thread.token}` },
      body: JSON.stringify({ clientId: randomUUID(), text: 'Is anybody there?' }),
    });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  } finally {
    await outage.end();
  }
  await crowd.everythingSent();
  await crowd.expectPromiseKept();
}

describe('POST /chat/messages while the log is away', () => {
  it('answers 503 with Retry-After, and nothing accepted is lost: embedded, its PostgreSQL paused', async () => {
    const system = await EmbeddedSystem.start();
    world = await World.of(system);
    const signal = (name: NodeJS.Signals): void => {
      for (const pid of postgresProcesses(system.dataDir)) process.kill(pid, name);
    };
    await refusesAndGoesOn(world, { begin: () => signal('SIGSTOP'), end: () => signal('SIGCONT') });
  });

  it.skipIf(kafkaMissingHere !== undefined)(
    'answers 503 with Retry-After, and nothing accepted is lost: Kafka, its broker killed',
    async () => {
      const system = await KafkaSystem.start();
      // A consumer that kafkajs leaves hanging on the dead broker ends its process by the watchdog: then it begins anew.
      system.services.keepRunning();
      world = await World.of(system);
      await refusesAndGoesOn(world, {
        begin: () => system.kafka.kill9(),
        end: () => system.kafka.restart(),
      });
    },
  );
});
