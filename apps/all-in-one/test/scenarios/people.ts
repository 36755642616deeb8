import { describe, expect, it } from 'vitest';
import { until } from '@clawdesk/testing';
import type { World } from '../support/world.js';

export const people = (world: () => World): void => {
  describe('a person', () => {
    it('is brought in on request, takes over, replies, gives back and resolves', async () => {
      const { client } = world().first;
      const customer = await world().customer();
      const { conversation } = customer.thread;
      const owned = (owner: string) => customer.sees((entry) => entry.owner === owner, `owner ${owner}`);

      const wanted = await customer.ask('I want to talk to a human being, please.');
      expect(wanted.reply?.purpose).toBe('hand-off');
      expect(wanted.turn.state).toBe('with-person');
      await owned('waiting');
      const inbox = await client.conversations({ state: 'open' });
      expect(inbox.find(({ id }) => id === conversation)).toMatchObject({ owner: 'waiting' });

      await client.command(conversation, { type: 'take-over' });
      await owned('person');
      const unanswered = await customer.ask('What does shipping cost?');
      expect(unanswered.reply).toBeUndefined();
      expect(unanswered.turn.state).toBe('with-person');

      const command = {
        id: crypto.randomUUID(),
        type: 'reply',
        text: 'Five euros, and for you none.',
      } as const;
      for (let time = 0; time < 2; time += 1) await client.command(conversation, command);
      const reply = await customer.sees(({ author }) => author === 'person', 'the reply of the person');
      expect(reply).toMatchObject({ kind: 'reply', text: command.text });

      await client.command(conversation, { type: 'give-back' });
      await customer.sees(
        ({ owner, sequence }) => owner === 'bot' && sequence > reply.sequence,
        'the bot as owner',
      );
      const answered = await customer.ask('How can I download an invoice?');
      expect(answered.reply?.citations?.[0]?.article).toBe('invoices');
      expect(customer.entries.filter(({ text }) => text === command.text)).toHaveLength(1);

      await client.command(conversation, { type: 'resolve' });
      await until(async () => (await client.conversation(conversation)).state === 'resolved', {
        what: 'resolved',
      });
      await customer.ask('Hello again!');
      const reopened = await client.conversation(conversation);
      expect(reopened.state).toBe('open');
      expect(reopened.timeline.map(({ sequence }) => sequence)).toEqual(
        reopened.timeline.map((_, index) => index + 1),
      );
    });
  });
};
