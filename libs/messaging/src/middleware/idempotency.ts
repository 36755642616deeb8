import type { Middleware } from '../delivery.js';
import type { TransactionBatches } from '../transaction-batches.js';

/** Stateful handlers run in a transaction that also records the event; a redelivery gets the stored outputs. */
export const idempotency =
  (batches: TransactionBatches): Middleware =>
  (next) =>
  (delivery) =>
    delivery.handler.options.kind === 'stateful' ? batches.run(delivery, next) : next(delivery);
