import { decode, fromRecord, type Envelope } from '@clawdesk/envelope';
import { logger } from '@clawdesk/tracing';
import { delayBefore, pause, type RetryTiming } from './middleware/retry.js';
import type { BroadcastHandler } from './registry.js';
import type { LogRecord } from './transport.js';

const log = logger('messaging');

/**
 * Calls one `@Broadcasts` method, one call after the other: a reload must not overtake the change that follows it.
 * Nothing comes a second time from the log, so after a record that cannot be read, and after a call that failed, it
 * reloads from the store, until that succeeds.
 */
export class BroadcastListener {
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly handler: BroadcastHandler,
    private readonly closing: AbortSignal,
    private readonly timing: RetryTiming = {},
  ) {}

  reload(): void {
    this.enqueue(() => undefined);
  }

  take(record: LogRecord): void {
    const { topic } = this.handler;
    this.enqueue(() => {
      const attributes = fromRecord(record);
      return { ...attributes, data: decode(topic, attributes.dataschema, record.value) };
    });
  }

  private enqueue(read: () => Envelope<object> | undefined): void {
    this.last = this.last.then(() => this.call(read));
  }

  private async call(read: () => Envelope<object> | undefined): Promise<void> {
    const { topic, invoke } = this.handler;
    for (let attempt = 1; !this.closing.aborted; attempt += 1) {
      try {
        const event = attempt === 1 ? read() : undefined;
        await invoke(event?.data as object, event as Envelope<object>, this.closing);
        return;
      } catch (error) {
        log.error({ err: error, topic: topic.name, attempt }, 'Broadcast listener failed; it will reload');
        await pause(delayBefore(attempt + 1, this.timing), this.closing);
      }
    }
  }
}
