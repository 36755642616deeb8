import { describe, expect, it } from 'vitest';
import { ProblemError } from '@clawdesk/client';
import type { World } from '../support/world.js';

const refusal = async (attempt: Promise<unknown>): Promise<number> =>
  attempt.then(
    () => 200,
    (error: unknown) => (error instanceof ProblemError ? error.status : Promise.reject(error)),
  );

export const isolation = (world: () => World): void => {
  describe('two tenants', () => {
    it('with the same client ids keep their messages, conversations and replies apart', async () => {
      const { first, second } = world();
      const [one, other] = [await world().customer(first), await world().customer(second)];
      const options = { clientId: 'the-same-id' };
      const ids = [
        await one.send('What does shipping cost?', options),
        await other.send('What does shipping cost?', options),
      ];
      expect(new Set(ids).size).toBe(2);
      await one.settled(ids[0] ?? '');
      await other.settled(ids[1] ?? '');
      for (const [customer, foreign] of [
        [one, other],
        [other, one],
      ] as const) {
        const own = customer.thread.conversation;
        expect(new Set(customer.entries.map(({ conversation }) => conversation))).toEqual(new Set([own]));
        expect(JSON.stringify(customer.entries)).not.toContain(foreign.thread.conversation);
      }
    });

    it('answer from their own articles: what one changes or deletes, the other keeps', async () => {
      const { first, second } = world();
      const text = 'A blue paper parrot costs seven euros.';
      await second.client.importArticles([{ id: 'parrots', title: 'Blue paper parrots', body: text }]);
      await first.client.importArticles([
        { id: 'parrots', title: 'Blue paper parrots', body: 'A blue paper parrot is not for sale.' },
      ]);
      const question = 'What does a blue paper parrot cost?';
      const own = await (await world().customer(second)).ask(question);
      expect(own.reply?.text).toContain('seven euros');
      const foreign = await (await world().customer(first)).ask(question);
      expect(foreign.reply?.text).not.toContain('seven euros');
    });

    it('cannot see or command each other’s conversations, nor use each other’s tokens', async () => {
      const { first, second, system } = world();
      const customer = await world().customer(first);
      await customer.ask('Hello!');
      const { conversation, token, thread } = customer.thread;
      expect(await refusal(second.client.conversation(conversation))).toBe(404);
      expect(await refusal(second.client.command(conversation, { type: 'take-over' }))).toBe(404);
      expect((await second.client.conversations()).map(({ id }) => id)).not.toContain(conversation);
      expect((await first.client.conversations()).map(({ id }) => id)).toContain(conversation);
      expect(await refusal(second.client.addTenant({ id: 'third', name: 'Third' }))).toBe(403);

      const foreigner = await world().customer(second);
      const read = await fetch(
        system.urls.of('gateway', `/chat/stream?thread=${encodeURIComponent(thread)}`),
        {
          headers: { authorization: `Bearer ${foreigner.thread.token}` },
        },
      );
      expect(read.status).toBe(404);
      const write = await fetch(system.urls.of('ingestion', '/chat/messages'), {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ clientId: 'x', text: 'Hi', thread: foreigner.thread.thread }),
      });
      expect(write.status).toBe(404);
    });
  });
};
