import type { Middleware } from '../delivery.js';
import type { Transport } from '../transport.js';

/**
 * Publishes what the handler returned, after its transaction has committed. The record is done only when the log
 * has the outputs; a failure here runs the chain again, which then finds the stored outputs.
 */
export const publishOutputs =
  (transport: Pick<Transport, 'publish'>): Middleware =>
  (next) =>
  async (delivery) => {
    const records = await next(delivery);
    if (records.length > 0) {
      delivery.signal.throwIfAborted();
      await transport.publish(records);
    }
    return records;
  };
