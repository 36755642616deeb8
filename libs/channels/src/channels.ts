import type { Channel } from './channel.js';
import { webchat } from './webchat.channel.js';

/** Every channel there is. A test fails for a `*.channel.ts` that is not listed. */
export const channels: readonly Channel[] = [webchat];

/** Channels by id. */
export class ChannelRegistry {
  private readonly byId: ReadonlyMap<string, Channel>;

  constructor(readonly all: readonly Channel[] = channels) {
    this.byId = new Map(all.map((channel) => [channel.id, channel]));
  }

  find(id: string): Channel | undefined {
    return this.byId.get(id);
  }
}
