import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import {
  context,
  ROOT_CONTEXT,
  trace,
  type Attributes,
  type Span,
  SpanKind,
  type SpanContext,
} from '@opentelemetry/api';

export { SpanKind, SpanStatusCode } from '@opentelemetry/api';

// The trace goes on through topics and logs also when no tracer is set up, so that ids are there from the first day.
const active = new AsyncLocalStorage<string>();
const pattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** W3C traceparent of the work that is being done, if any. */
export function activeTraceparent(): string | undefined {
  return active.getStore();
}

/** @returns the function, which whenever it is called goes on in the trace of now. */
export function inThisTrace<A extends unknown[], R>(work: (...args: A) => R): (...args: A) => R {
  const traceparent = active.getStore();
  const bound = context.bind(context.active(), work);
  return traceparent === undefined ? bound : (...args) => active.run(traceparent, () => bound(...args));
}

/** Trace and span id of the work that is being done, for logs. */
export function currentTraceIds(): { traceId: string; spanId: string } | undefined {
  const match = pattern.exec(active.getStore() ?? '');
  return match ? { traceId: match[1]!, spanId: match[2]! } : undefined;
}

/**
 * Runs `work` in a span that continues the trace `traceparent` (a new trace when it is undefined or malformed).
 * `work` gets the traceparent that events it causes must carry.
 */
export function continueTrace<T>(
  name: string,
  traceparent: string | undefined,
  attributes: Attributes,
  work: (span: Span, traceparent: string) => Promise<T>,
  kind: SpanKind = SpanKind.CONSUMER,
): Promise<T> {
  const parent = spanContextOf(traceparent);
  const parentContext = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
  const span = trace.getTracer('clawdesk').startSpan(name, { kind, attributes }, parentContext);
  const own = span.spanContext();
  // Without a tracer the parent's ids are passed on, or new ones are made up.
  const carried = trace.isSpanContextValid(own) ? format(own) : newTraceparent();
  return active.run(carried, () =>
    context.with(trace.setSpan(parentContext, span), async () => {
      try {
        return await work(span, carried);
      } finally {
        span.end();
      }
    }),
  );
}

function spanContextOf(traceparent: string | undefined): SpanContext | undefined {
  const match = pattern.exec(traceparent ?? '');
  if (!match) return undefined;
  return {
    traceId: match[1]!,
    spanId: match[2]!,
    traceFlags: Number.parseInt(match[3]!, 16),
    isRemote: true,
  };
}

const format = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;

const newTraceparent = (): string =>
  `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
