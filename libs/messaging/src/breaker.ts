import { gauge, logger } from '@clawdesk/tracing';
import type { Delivery } from './delivery.js';

const log = logger('messaging');
const openGauge = gauge(
  'clawdesk_breaker_open',
  '1 while a dependency is unavailable and consumption waits for it',
  ['dependency'],
);

export interface BreakerTiming {
  /** Milliseconds before the first probe. @default 100 */
  firstDelayMs?: number;
  /** Longest pause between probes, milliseconds. @default 5000 */
  maxDelayMs?: number;
}

/**
 * One dependency's breaker. While it is open, handlers known to need the dependency begin no attempt, and what waits
 * uses up none. It closes when the probe succeeds; without a probe it closes after the pause, and those who waited
 * find out: at most as many as their handlers' `concurrency`.
 */
export class Breaker {
  private closing: Promise<void> | undefined;
  private failuresInARow = 0;
  private closedAt = 0;

  constructor(
    readonly dependency: string,
    private readonly probe: (() => Promise<void>) | undefined,
    private readonly timing: BreakerTiming = {},
  ) {}

  get open(): boolean {
    return this.closing !== undefined;
  }

  /** Opens the breaker; does nothing while it is open. */
  trip(error: Error): void {
    if (this.closing) return;
    // An outage long after the last one starts with short pauses again.
    if (Date.now() - this.closedAt > 10_000) this.failuresInARow = 0;
    log.warn({ dependency: this.dependency }, `Waiting for ${this.dependency}: ${error.message}`);
    openGauge.set({ dependency: this.dependency }, 1);
    this.closing = this.waitForRecovery().then(() => {
      this.closing = undefined;
      this.closedAt = Date.now();
      openGauge.set({ dependency: this.dependency }, 0);
      log.info({ dependency: this.dependency }, `${this.dependency} is back`);
    });
  }

  /** Resolves when the breaker is closed. Rejects with the signal's reason when that is aborted first. */
  async closed(signal: AbortSignal): Promise<void> {
    if (!this.closing) return;
    signal.throwIfAborted();
    let onAbort!: () => void;
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
    });
    try {
      await Promise.race([this.closing, aborted]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  private async waitForRecovery(): Promise<void> {
    const { firstDelayMs = 100, maxDelayMs = 5_000 } = this.timing;
    for (;;) {
      const delay = Math.min(maxDelayMs, firstDelayMs * 2 ** this.failuresInARow);
      this.failuresInARow += 1;
      await pause(delay * (0.75 + Math.random() / 2));
      if (!this.probe) return;
      try {
        await this.probe();
        return;
      } catch (error) {
        log.debug({ dependency: this.dependency, err: error }, 'probe failed');
      }
    }
  }
}

/** Waits until the breaker is closed, and holds back the other records of the handler meanwhile. */
export async function waitUntilClosed(
  breaker: Breaker,
  delivery: Pick<Delivery, 'signal' | 'holdConsumption'>,
): Promise<void> {
  if (!breaker.open) return;
  const closed = breaker.closed(delivery.signal);
  delivery.holdConsumption(closed);
  await closed;
}

// Unreferenced: an open breaker must not keep a process alive that wants to end.
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

/** The breakers of a process, by dependency. */
export class Breakers {
  private readonly breakers = new Map<string, Breaker>();

  constructor(
    private readonly probes: Readonly<Record<string, () => Promise<void>>>,
    private readonly timing: BreakerTiming = {},
  ) {}

  of(dependency: string): Breaker {
    let breaker = this.breakers.get(dependency);
    if (!breaker) {
      breaker = new Breaker(dependency, this.probes[dependency], this.timing);
      this.breakers.set(dependency, breaker);
    }
    return breaker;
  }

  /** Dependencies that consumption waits for now. */
  openOnes(): string[] {
    return [...this.breakers.values()].filter((breaker) => breaker.open).map((breaker) => breaker.dependency);
  }
}
