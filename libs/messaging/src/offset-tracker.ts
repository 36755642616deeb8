/**
 * Which offsets of one partition are in flight and which are done, so that only the position below which
 * everything is finished is ever committed. Offsets arrive in growing order; gaps between them are normal
 * (compaction, control records).
 */
export class OffsetTracker {
  private readonly unfinished: number[] = [];
  private head = 0;
  private readonly finished = new Set<number>();
  private highest = -1;

  /** @returns false when the offset was seen before (in flight or done): a redelivery after a rebalance. */
  start(offset: number): boolean {
    if (offset <= this.highest) return false;
    this.highest = offset;
    this.unfinished.push(offset);
    return true;
  }

  finish(offset: number): void {
    this.finished.add(offset);
    while (this.head < this.unfinished.length && this.finished.delete(this.unfinished[this.head]!))
      this.head += 1;
    // The array is cut in bulk: shift() per record would cost its length each time.
    if (this.head > 1024 && this.head * 2 > this.unfinished.length) {
      this.unfinished.splice(0, this.head);
      this.head = 0;
    }
  }

  /** Offset of the next record to read after a restart: the lowest unfinished one. Undefined before the first record. */
  position(): number | undefined {
    if (this.highest < 0) return undefined;
    return this.head < this.unfinished.length ? this.unfinished[this.head] : this.highest + 1;
  }

  get inFlight(): number {
    return this.unfinished.length - this.head - this.finished.size;
  }
}
