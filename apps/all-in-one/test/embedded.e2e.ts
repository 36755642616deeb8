import { afterAll, beforeAll, describe } from 'vitest';
import { scenarios } from './scenarios/all.js';
import { EmbeddedSystem } from './support/system.js';
import { World } from './support/world.js';

describe('Clawdesk as one process', () => {
  let world: World | undefined;
  beforeAll(async () => {
    world = await World.of(await EmbeddedSystem.start());
  });
  afterAll(() => world?.end());

  const there = (): World => {
    if (!world) throw new Error('The system did not start.');
    return world;
  };
  for (const scenario of scenarios) scenario(there);
});
