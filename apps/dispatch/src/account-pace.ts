import type { SenderConfig } from './dispatch.config.js';

export interface Rate {
  perSecond: number;
  burst: number;
}

type Pauses = Pick<SenderConfig, 'breakAfter' | 'firstPauseMs' | 'longestPauseMs'>;

/** How fast one account may send now: its rate, what the provider asked for, and a breaker. */
export class AccountPace {
  private tokens: number;
  private at: number;
  private pausedUntil = 0;
  private failures = 0;
  private trips = 0;

  constructor(
    private readonly rate: Rate,
    private readonly pauses: Pauses,
    private readonly now: () => number = Date.now,
  ) {
    this.tokens = rate.burst;
    this.at = now();
  }

  /** How many may be begun now. After the breaker's pause it is one, which tells whether the others may follow. */
  available(): number {
    this.refill();
    if (this.now() < this.pausedUntil) return 0;
    return Math.min(this.trips > 0 ? 1 : Infinity, Math.floor(this.tokens));
  }

  /** Milliseconds until something may be begun. */
  waitMs(): number {
    this.refill();
    const forToken = this.tokens >= 1 ? 0 : ((1 - this.tokens) / this.rate.perSecond) * 1000;
    return Math.ceil(Math.max(forToken, this.pausedUntil - this.now(), 0));
  }

  /** The breaker waits for one attempt to tell: no second one beside it. */
  get probing(): boolean {
    return this.trips > 0;
  }

  take(count: number): void {
    this.tokens -= count;
  }

  /** The provider wants the whole account to wait. */
  pause(ms: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, this.now() + ms);
  }

  succeeded(): void {
    this.failures = 0;
    this.trips = 0;
  }

  /** @returns whether the account pauses because of it. */
  failed(): boolean {
    this.failures += 1;
    if (this.trips === 0 && this.failures < this.pauses.breakAfter) return false;
    this.pause(Math.min(this.pauses.longestPauseMs, this.pauses.firstPauseMs * 2 ** this.trips));
    this.trips += 1;
    return true;
  }

  private refill(): void {
    const now = this.now();
    const since = Math.max(0, now - this.at);
    this.tokens = Math.min(this.rate.burst, this.tokens + (since / 1000) * this.rate.perSecond);
    this.at = now;
  }
}
