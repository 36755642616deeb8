import { describe, expect, it } from 'vitest';
import { continueTrace, activeTraceparent, currentTraceIds } from './trace-context.js';

const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('continueTrace', () => {
  it('keeps the trace id of the parent, for the work and for what it causes', async () => {
    const seen = await continueTrace('work', parent, {}, async (_, traceparent) => [
      traceparent,
      activeTraceparent()!,
    ]);
    expect(seen.map((value) => value.slice(3, 35))).toEqual(
      Array(2).fill('0af7651916cd43dd8448eb211c80319c'),
    );
  });

  it('begins a new trace when there is none to continue', async () => {
    const ids = new Set<string>();
    for (const broken of [undefined, '', 'nonsense', '00-zz-yy-01']) {
      await continueTrace('work', broken, {}, async (_, traceparent) => {
        expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
        expect(traceparent).toContain(currentTraceIds()!.traceId);
        ids.add(traceparent);
      });
    }
    expect(ids.size).toBe(4);
  });

  it('leaves no trace behind it', async () => {
    await continueTrace('work', parent, {}, async () => undefined);
    expect(currentTraceIds()).toBeUndefined();
  });
});
