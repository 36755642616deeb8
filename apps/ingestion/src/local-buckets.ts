import type { Rate } from './ingestion.config.js';

/** A bucket from which one token is wanted. */
export interface Wanted extends Rate {
  /** Carries the tenant. */
  key: string;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Token buckets in this process. The least used are forgotten when there are too many: memory stays bounded. */
export class LocalBuckets {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly now: () => number = Date.now,
    private readonly most = 50_000,
  ) {}

  /**
   * Takes one token from each bucket, or none from any.
   * @returns milliseconds to wait when one was empty, else 0.
   */
  take(wanted: readonly Wanted[]): number {
    const now = this.now();
    const filled = wanted.map(({ key, perSecond, burst }) => {
      const { tokens, at } = this.buckets.get(key) ?? { tokens: burst, at: now };
      return Math.min(burst, tokens + (Math.max(0, now - at) / 1000) * perSecond);
    });
    const waits = wanted.map(({ perSecond }, i) => Math.max(0, ((1 - filled[i]!) / perSecond) * 1000));
    const wait = Math.ceil(Math.max(0, ...waits));
    if (wait > 0) return wait;
    wanted.forEach(({ key }, i) => {
      // Put in anew, so that the map's order is the order of use.
      this.buckets.delete(key);
      this.buckets.set(key, { tokens: filled[i]! - 1, at: now });
    });
    for (const oldest of this.buckets.keys()) {
      if (this.buckets.size <= this.most) break;
      this.buckets.delete(oldest);
    }
    return 0;
  }

  get size(): number {
    return this.buckets.size;
  }
}
