import { describe, expect, it } from 'vitest';
import { Topics } from '@clawdesk/envelope';
import { until } from '@clawdesk/testing';
import { LogReader } from '../support/log-reader.js';
import type { World } from '../support/world.js';

/** The way of an answered message. */
const way = [
  Topics.messageReceived,
  Topics.messageUnderstood,
  Topics.passagesRetrieved,
  Topics.turnDecided,
  Topics.replyComposed,
  Topics.replyDelivered,
  Topics.conversationChanged,
].map(({ name }) => name);

export const tracing = (world: () => World): void => {
  describe('one trace', () => {
    it('goes with a message through all services, and no other message has it', async () => {
      const log = await LogReader.open(world().system, way);
      try {
        const traces: string[] = [];
        for (const tenant of world().tenants) {
          const customer = await world().customer(tenant);
          const { id } = await customer.ask('How do I delete my account?');
          const mine = (topic: string) =>
            log.of(topic).filter(({ headers }) => headers['ce_correlationid'] === id);
          await until(() => way.every((topic) => mine(topic).length > 0), {
            what: `records of ${id} on every topic`,
          });
          const records = way.flatMap(mine);
          const found = new Set(
            records.map(({ headers }) => (headers['traceparent'] ?? 'none').split('-')[1]),
          );
          expect(found.size).toBe(1);
          traces.push([...found][0] ?? '');
          expect(new Set(records.map(({ headers }) => headers['ce_tenant']))).toEqual(new Set([tenant.id]));
          expect(traces.at(-1)).toMatch(/^[0-9a-f]{32}$/);
        }
        expect(new Set(traces).size).toBe(2);
      } finally {
        await log.close();
      }
    });
  });
};
