import type { OutgoingRecord } from '@clawdesk/messaging';

/** One call of `publish` that waits for its records. */
interface Call {
  records: readonly OutgoingRecord[];
  bytes: number;
  deadline: number;
  /** Told how it ended: from then on it is not sent again. */
  settled: boolean;
  /** What its last sending failed with. */
  error: unknown;
  resolve(): void;
  reject(error: Error): void;
}

export interface PublishQueueOptions {
  /** Sends the records and resolves when all are durable. */
  send(records: readonly OutgoingRecord[]): Promise<void>;
  /** Whether the same records may be taken when they are sent again. */
  mayRetry(error: unknown): boolean;
  /** What a caller is told. */
  asFailure(error: unknown): Error;
  /** A call that is not acknowledged for so long is rejected, even while it is being sent, ms. */
  limitMs: number;
  /** Called when a sending has not even failed after twice `limitMs`: what hangs must not keep all others waiting for good. */
  onHang?(): void;
  /** Bytes sent at once; one call is never split. @default 512 KiB */
  mostBytes?: number;
}

const firstPauseMs = 50;
const longestPauseMs = 1_000;

/**
 * Sends what is published in one batch at a time. What is published meanwhile becomes the next batch, so records of
 * one key keep the order of the calls, even when a batch has to be sent again; a batch that may have been taken half
 * is sent again whole, for a doubled record is recognised by its id and a lost one by nobody.
 */
export class PublishQueue {
  private waiting: Call[] = [];
  private working: Promise<void> | undefined;
  /** A call was given up: until a batch succeeds, each new one gets a single attempt, so that callers hear soon. */
  private down = false;

  constructor(private readonly options: PublishQueueOptions) {}

  publish(records: readonly OutgoingRecord[]): Promise<void> {
    if (records.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const bytes = records.reduce((sum, { key, value }) => sum + key.length + value.length + 256, 0);
      const settle = (): void => {
        call.settled = true;
        clearTimeout(timer);
      };
      const call: Call = {
        records,
        bytes,
        deadline: Date.now() + this.options.limitMs,
        settled: false,
        error: undefined,
        resolve: () => {
          settle();
          resolve();
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      const timer = setTimeout(() => this.giveUp(call), this.options.limitMs);
      this.waiting.push(call);
      this.working ??= this.work();
    });
  }

  /** Resolves when nothing is being published any more. */
  async flush(): Promise<void> {
    await this.working;
  }

  private async work(): Promise<void> {
    // Calls of the same moment share the first batch.
    await Promise.resolve();
    while (this.waiting.length > 0) await this.deliver(this.nextBatch());
    this.working = undefined;
  }

  private nextBatch(): Call[] {
    const most = this.options.mostBytes ?? 512 * 1024;
    let bytes = 0;
    let count = 0;
    for (const call of this.waiting) {
      if (count > 0 && bytes + call.bytes > most) break;
      bytes += call.bytes;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  private giveUp(call: Call): void {
    this.down = true;
    this.waiting = this.waiting.filter((one) => one !== call);
    const error = call.error ?? new Error(`no answer within ${this.options.limitMs} ms`);
    call.reject(this.options.asFailure(error));
  }

  private async deliver(batch: readonly Call[]): Promise<void> {
    const error = await this.sendUntilTaken(batch);
    if (error === undefined) {
      for (const call of open(batch)) call.resolve();
    } else if (batch.length > 1 && !this.options.mayRetry(error)) {
      // One call spoils the batch: each by itself, in their order, shows which.
      for (const call of batch) if (!call.settled) await this.deliver([call]);
    } else {
      const failure = this.options.asFailure(error);
      for (const call of open(batch)) call.reject(failure);
    }
  }

  /** @returns the error that it was given up with. */
  private async sendUntilTaken(batch: readonly Call[]): Promise<unknown> {
    const single = this.down;
    for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
      const calls = open(batch);
      if (calls.length === 0) return undefined;
      try {
        await this.send(calls.flatMap((call) => call.records));
        this.down = false;
        return undefined;
      } catch (error) {
        const given = error ?? new Error('unknown');
        if (single || !this.options.mayRetry(given)) return given;
        for (const call of calls) call.error = given;
      }
      // No longer than somebody waits: the next batch is due then.
      const left = Math.max(...batch.map(({ deadline }) => deadline)) - Date.now();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, Math.min(pause, left))));
    }
  }

  private async send(records: readonly OutgoingRecord[]): Promise<void> {
    const { limitMs, onHang } = this.options;
    let timer: NodeJS.Timeout | undefined;
    const hanging = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        onHang?.();
        reject(new Error(`the sending hangs for ${2 * limitMs} ms`));
      }, 2 * limitMs);
    });
    try {
      await Promise.race([this.options.send(records), hanging]);
    } finally {
      clearTimeout(timer);
    }
  }
}

const open = (calls: readonly Call[]): Call[] => calls.filter(({ settled }) => !settled);
