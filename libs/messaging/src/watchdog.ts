import type { Breakers } from './breaker.js';
import type { GroupConsumer } from './group-consumer.js';

export interface WatchdogOptions {
  /** Milliseconds without a record taken or finished, with lag at every check, after which the process ends. @default 60000 */
  stalledMs?: number;
  /** Milliseconds that an attempt may exceed its handler's time limit. @default 60000 */
  overtimeMs?: number;
  /** @default 5000 */
  checkEveryMs?: number;
}

/**
 * A consumer that silently stands still is worse than one that ends: it is restarted by nobody. The watchdog ends
 * the process when there is lag all the time and no progress, or when an attempt ignores its time limit. Records that
 * wait after a quiet night or an outage of the log are no standstill: they are about to be taken.
 */
export class Watchdog {
  private readonly timer: NodeJS.Timeout;
  private checking = false;
  /** Counted in checks, not by the clock: a process that was suspended has not stood still. */
  private readonly waiting = new Map<GroupConsumer, { lastProgressAt: number; checks: number }>();

  constructor(
    private readonly consumers: readonly GroupConsumer[],
    private readonly breakers: Breakers,
    private readonly onFatal: (error: Error) => void,
    private readonly options: WatchdogOptions = {},
  ) {
    this.timer = setInterval(() => void this.check(), options.checkEveryMs ?? 5_000);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async check(): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    try {
      for (const consumer of this.consumers) {
        const problem = await this.problemOf(consumer);
        if (!problem) continue;
        this.stop();
        this.onFatal(
          new Error(
            `${consumer.handler.options.group} ${problem}. The process ends so that it is restarted.`,
          ),
        );
        return;
      }
    } finally {
      this.checking = false;
    }
  }

  private async problemOf(consumer: GroupConsumer): Promise<string | undefined> {
    const { stalledMs = 60_000, overtimeMs = 60_000, checkEveryMs = 5_000 } = this.options;
    const now = Date.now();
    const age = consumer.oldestAttemptMs(now);
    if (age > consumer.handler.options.timeoutMs + overtimeMs) {
      return `has an attempt that began ${Math.round(age / 1000)} s ago and ignores its time limit`;
    }
    const justMoved = now - consumer.lastProgressAt < checkEveryMs;
    const checks = justMoved ? 0 : await this.checksWithLag(consumer);
    if (checks * checkEveryMs < stalledMs) return undefined;
    return `has taken nothing for ${Math.round((checks * checkEveryMs) / 1000)} s although records wait`;
  }

  /** Checks since records were first seen waiting, without progress and without a reason to stand still in between. */
  private async checksWithLag(consumer: GroupConsumer): Promise<number> {
    const { lastProgressAt, held, waitsForUpgrade, inFlight } = consumer;
    const before = this.waiting.get(consumer);
    this.waiting.delete(consumer);
    if (held || waitsForUpgrade || inFlight > 0 || this.breakers.openOnes().length > 0) return 0;
    // An unreachable log answers nothing here; its breaker and the driver's own reconnecting deal with that.
    const lag = await consumer.lag().catch(() => 0);
    if (lag === 0 || consumer.lastProgressAt !== lastProgressAt) return 0;
    const checks = before?.lastProgressAt === lastProgressAt ? before.checks + 1 : 0;
    this.waiting.set(consumer, { lastProgressAt, checks });
    return checks;
  }
}
