import { fromRecord } from '@clawdesk/envelope';
import type { Middleware } from '../delivery.js';

/** Reads the CloudEvents attributes from the headers. What cannot be read is marked for the dead letter, never guessed. */
export const readEnvelope = (): Middleware => (next) => async (delivery) => {
  try {
    delivery.event = { ...fromRecord(delivery.record), data: {} };
  } catch (error) {
    delivery.unreadable = error as Error;
  }
  return next(delivery);
};
