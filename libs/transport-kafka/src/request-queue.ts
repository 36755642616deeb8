import { createRequire } from 'node:module';

interface RequestQueue {
  pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

const load = createRequire(import.meta.url);
let mended = false;

/**
 * kafkajs 2.2.4 sets a timer with a negative delay after every single answer, although nothing waits to be sent:
 * Node 24 prints a TimeoutNegativeWarning with a stack trace for each, and each costs a needless timer. The check is
 * only needed while requests wait, and then the delay is positive. See https://github.com/tulios/kafkajs/issues/1751.
 */
export function mendRequestQueue(): void {
  if (mended) return;
  mended = true;
  const { prototype } = load('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0) schedule.call(this);
  };
}
