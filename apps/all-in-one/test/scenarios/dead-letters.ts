import { describe, expect, it } from 'vitest';
import { Topics } from '@clawdesk/envelope';
import { until } from '@clawdesk/testing';
import { LogReader } from '../support/log-reader.js';
import type { World } from '../support/world.js';

export const deadLetters = (world: () => World): void => {
  describe('a record that nobody can decode', () => {
    it('becomes a dead letter untouched, and its partition goes on', async () => {
      const { name, deadLetterTopic } = Topics.messageReceived;
      const customer = await world().customer();
      const log = await LogReader.open(world().system, [deadLetterTopic]);
      try {
        const value = Buffer.from([0x00, 0xff, 0xfe, 0x7b, 0x22]);
        const key = customer.thread.thread;
        await log.publish({ topic: name, key, headers: { 'x-origin': 'somebody else' }, value });
        const { turn } = await customer.ask('What does shipping cost?');
        expect(turn.state).toBe('answered');
        const letters = await until(
          () => {
            const found = log.of(deadLetterTopic).filter((record) => record.key === key);
            return found.length >= Topics.messageReceived.groups.length && found;
          },
          { what: 'a dead letter for each consumer group' },
        );
        for (const letter of letters) {
          expect(letter.value).toEqual(value);
          expect(letter.headers['x-origin']).toBe('somebody else');
        }
      } finally {
        await log.close();
      }
    });
  });
};
