/**
 * Where a partition's fetched end holds no record: the markers of a transactional producer, or what it took back.
 * kafkajs goes past them without a word, so nobody commits them; they must not look like records that wait.
 */
export class SilentOffsets {
  private readonly ranges = new Map<number, { from: number; to: number }>();

  /** Nothing lies from the first of these offsets to the last; none when the last is smaller. */
  add(partition: number, first: number | string | null, last: number | string): void {
    if (first === null || Number(last) < Number(first)) return;
    const range = { from: Number(first), to: Number(last) + 1 };
    const before = this.ranges.get(partition);
    if (before?.to === range.from) range.from = before.from;
    this.ranges.set(partition, range);
  }

  /** The offset of the next record, seen from this one. */
  skip(partition: number, offset: number): number {
    const range = this.ranges.get(partition);
    return range && range.from <= offset ? Math.max(range.to, offset) : offset;
  }
}
