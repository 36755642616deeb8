import { decode } from '@clawdesk/envelope';
import type { Middleware } from '../delivery.js';

/** Decodes and checks the payload; what does not fit its schema is undecodable and becomes a dead letter. */
export const decodePayload = (): Middleware => (next) => async (delivery) => {
  const { record, handler, event } = delivery;
  event.data = decode(handler.topic, event.dataschema, record.value);
  return next(delivery);
};
