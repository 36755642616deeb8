import { afterAll, beforeAll, describe, it } from 'vitest';
import { serviceNames } from '@clawdesk/client';
import { Crowd } from './support/crowd.js';
import { KafkaSystem, kafkaMissingHere } from './support/system.js';
import { World } from './support/world.js';

const title = 'kill -9 of any one service process on Kafka';

describe.skipIf(kafkaMissingHere !== undefined)(
  kafkaMissingHere ? `${title} (${kafkaMissingHere})` : title,
  () => {
    let system: KafkaSystem;
    let world: World;
    beforeAll(async () => {
      system = await KafkaSystem.start();
      world = await World.of(system);
    });
    afterAll(() => world?.end());

    it('while 500 messages are being answered loses, doubles and disorders nothing', async () => {
      const crowd = await Crowd.of(world, 50);
      for (const [index, name] of serviceNames.entries()) {
        await crowd.hasSent((crowd.total * (index + 1)) / (serviceNames.length + 2));
        await system.services.of(name).kill();
        system.services.startOne(name);
      }
      await system.services.ready();
      await crowd.everythingSent();
      await crowd.expectPromiseKept();
    });
  },
);
