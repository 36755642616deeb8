import { afterAll, beforeAll, describe } from 'vitest';
import { scenarios } from './scenarios/all.js';
import { KafkaSystem, kafkaMissingHere } from './support/system.js';
import { World } from './support/world.js';

const title = 'Clawdesk as seven processes over Kafka';

describe.skipIf(kafkaMissingHere !== undefined)(
  kafkaMissingHere ? `${title} (${kafkaMissingHere})` : title,
  () => {
    let world: World | undefined;
    beforeAll(async () => {
      world = await World.of(await KafkaSystem.start());
    });
    afterAll(() => world?.end());

    const there = (): World => {
      if (!world) throw new Error('The system did not start.');
      return world;
    };
    for (const scenario of scenarios) scenario(there);
  },
);
