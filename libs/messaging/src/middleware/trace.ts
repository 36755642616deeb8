import { continueTrace, SpanStatusCode } from '@clawdesk/tracing';
import type { Middleware } from '../delivery.js';

/** One span per record and handler, in the trace of the customer's message; outputs carry its id on. */
export const trace = (): Middleware => (next) => (delivery) => {
  if (delivery.unreadable) return next(delivery);
  const { event, handler, record } = delivery;
  return continueTrace(
    handler.options.span,
    event.traceparent,
    {
      'messaging.system': 'clawdesk',
      'messaging.operation.type': 'process',
      'messaging.destination.name': record.topic,
      'messaging.consumer.group.name': handler.options.group,
      'messaging.message.id': event.id,
      'messaging.destination.partition.id': String(record.partition),
      'messaging.kafka.offset': record.offset,
      'clawdesk.tenant': event.tenant,
      'clawdesk.correlation_id': event.correlationid,
    },
    async (span, traceparent) => {
      event.traceparent = traceparent;
      const failed = (error: Error): void => {
        span.recordException(error);
        span.setStatus({ code: SpanStatusCode.ERROR });
      };
      try {
        const outputs = await next(delivery);
        // The dead letter is written and the record done, but what it was for has failed.
        if (delivery.deadLettered) failed(delivery.deadLettered);
        return outputs;
      } catch (error) {
        failed(error as Error);
        throw error;
      } finally {
        span.setAttribute('clawdesk.attempts', delivery.attempts);
      }
    },
  );
};
