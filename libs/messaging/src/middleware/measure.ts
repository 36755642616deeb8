import { counter, histogram } from '@clawdesk/tracing';
import type { Middleware } from '../delivery.js';

const handled = counter('clawdesk_records_handled_total', 'Records that a handler is done with', [
  'group',
  'outcome',
]);
const seconds = histogram(
  'clawdesk_record_seconds',
  'From taking a record up to its outputs being durable, retries included',
  ['group'],
  [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
);
const age = histogram(
  'clawdesk_record_age_seconds',
  'From a record being in the log to the handler taking it up',
  ['group'],
  [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300],
);

/** Counts and times each record per consumer group. */
export const measure = (): Middleware => (next) => async (delivery) => {
  const { group } = delivery.handler.options;
  const started = performance.now();
  age.observe({ group }, Math.max(0, Date.now() - delivery.record.timestamp) / 1000);
  try {
    const outputs = await next(delivery);
    handled.inc({ group, outcome: delivery.deadLettered ? 'dead-letter' : 'done' });
    return outputs;
  } catch (error) {
    handled.inc({ group, outcome: 'interrupted' });
    throw error;
  } finally {
    seconds.observe({ group }, (performance.now() - started) / 1000);
  }
};
