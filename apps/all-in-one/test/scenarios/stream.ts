import { describe, expect, it } from 'vitest';
import type { StreamEvent } from '@clawdesk/client';
import type { World } from '../support/world.js';

export const stream = (world: () => World): void => {
  describe('the stream', () => {
    it('begins at the beginning, and resumes after the last entry without a gap or a double', async () => {
      const customer = await world().customer();
      for (const text of ['Hello!', 'What does shipping cost?', 'Thanks!']) await customer.ask(text);
      const { client, thread, entries } = customer;
      const last = entries.at(-1)?.sequence ?? 0;
      expect(entries.map(({ sequence }) => sequence)).toEqual(
        Array.from({ length: last }, (_, index) => index + 1),
      );

      const take = async (after: number, upTo: number): Promise<StreamEvent[]> => {
        const taken: StreamEvent[] = [];
        for await (const entry of client.stream(thread.token, { after })) {
          taken.push(entry);
          if (entry.sequence >= upTo) break;
        }
        return taken;
      };
      // Cut after every entry, as a bad line does.
      const pieces: StreamEvent[] = [];
      for (let after = 0; after < last; after += 1) pieces.push(...(await take(after, after + 1)));
      expect(pieces).toEqual(entries.slice(0, last));
    });

    it('brings what happened while nobody listened', async () => {
      const customer = await world().customer();
      await customer.ask('Hello!');
      customer.leave();
      const after = customer.entries.at(-1)?.sequence ?? 0;
      const id = await customer.send('What does express shipping cost?');
      for await (const entry of customer.client.stream(customer.thread.token, { after })) {
        if (entry.kind === 'message') expect(entry).toMatchObject({ id, sequence: after + 1 });
        if (entry.kind === 'reply') expect(entry.citations?.[0]?.article).toBe('shipping-cost');
        if (entry.kind === 'turn') break;
      }
    });
  });
};
