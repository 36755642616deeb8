import { afterAll, beforeAll, describe, it } from 'vitest';
import { Crowd } from './support/crowd.js';
import { EmbeddedSystem } from './support/system.js';
import { World } from './support/world.js';

describe('kill -9 of the whole embedded system', () => {
  let system: EmbeddedSystem;
  let world: World;
  beforeAll(async () => {
    system = await EmbeddedSystem.start();
    world = await World.of(system);
  });
  afterAll(() => world?.end());

  it('while 500 messages are being answered loses, doubles and disorders nothing', async () => {
    const crowd = await Crowd.of(world, 50);
    for (const share of [0.3, 0.6]) {
      await crowd.hasSent(crowd.total * share);
      await system.process.kill();
      await system.startAgain();
    }
    await crowd.everythingSent();
    await crowd.expectPromiseKept();
  });
});
