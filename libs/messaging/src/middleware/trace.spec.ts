import { SpanStatusCode } from '@clawdesk/tracing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Delivery } from '../delivery.js';
import { PermanentFailure } from '../failures.js';
import { trace } from './trace.js';

const span = { recordException: vi.fn(), setStatus: vi.fn(), setAttribute: vi.fn() };
vi.mock('@clawdesk/tracing', async (original) => ({
  ...(await original<object>()),
  continueTrace: (...[, , , work]: [unknown, unknown, unknown, (of: unknown, parent: string) => unknown]) =>
    work(span, ''),
}));

const delivery = (): Delivery =>
  ({ event: {}, record: {}, handler: { options: {} }, attempts: 1 }) as unknown as Delivery;

describe('trace', () => {
  beforeEach(() => vi.clearAllMocks());

  it('marks the span of a record that was dead-lettered', async () => {
    const failure = new PermanentFailure('no');
    await trace()((inner) => {
      inner.deadLettered = failure;
      return Promise.resolve([]);
    })(delivery());
    expect(span.recordException).toHaveBeenCalledWith(failure);
    expect(span.setStatus).toHaveBeenCalledWith({ code: SpanStatusCode.ERROR });
  });

  it('leaves the span of a handled record as it is', async () => {
    await trace()(() => Promise.resolve([]))(delivery());
    expect(span.setStatus).not.toHaveBeenCalled();
  });
});
