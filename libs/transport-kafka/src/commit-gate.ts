interface Batch {
  readonly offsets: Map<number, number>;
  sent: Promise<void>;
  discarded: Error | undefined;
  /** Ends the wait before its turn. */
  hurry: () => void;
}

/** Sends positions, at most so often; positions that come meanwhile go along with the next. */
export class CommitGate {
  private waiting: Batch | undefined;
  private sending: Promise<void> = Promise.resolve();
  private lastAt = 0;

  constructor(
    private readonly send: (offsets: ReadonlyMap<number, number>) => Promise<void>,
    private readonly everyMs: number,
  ) {}

  /** Resolves or rejects with the sending that carries these positions. */
  add(offsets: ReadonlyMap<number, number>): Promise<void> {
    const batch = (this.waiting ??= this.newBatch());
    for (const [partition, offset] of offsets) batch.offsets.set(partition, offset);
    return batch.sent;
  }

  /** What waits is not sent any more; its callers are told why. */
  discard(reason: Error): void {
    if (!this.waiting) return;
    this.waiting.discarded = reason;
    this.waiting.hurry();
    this.waiting = undefined;
  }

  /** Sends at once what waits; resolves when nothing is being sent any more, however that ended. */
  async flush(): Promise<void> {
    const last = this.waiting;
    last?.hurry();
    await last?.sent.catch(() => undefined);
    await this.sending;
  }

  private newBatch(): Batch {
    const batch: Batch = {
      offsets: new Map(),
      sent: Promise.resolve(),
      discarded: undefined,
      hurry: () => undefined,
    };
    batch.sent = this.sendInTurn(batch);
    return batch;
  }

  private async sendInTurn(batch: Batch): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, this.lastAt + this.everyMs - Date.now()));
      batch.hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    // One at a time: an older position must not overtake a newer one.
    await this.sending;
    if (batch.discarded) throw batch.discarded;
    this.waiting = undefined;
    this.lastAt = Date.now();
    const sent = this.send(batch.offsets);
    this.sending = sent.catch(() => undefined);
    return sent;
  }
}
