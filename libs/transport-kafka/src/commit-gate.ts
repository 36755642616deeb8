/** Sends positions, at most so often; positions that come meanwhile go along with the next. */
export class CommitGate {
  private pending = new Map<number, number>();
  private next: Promise<void> | undefined;
  private lastAt = 0;
  private sending: Promise<void> = Promise.resolve();
  private hurry: (() => void) | undefined;

  constructor(
    private readonly send: (offsets: ReadonlyMap<number, number>) => Promise<void>,
    private readonly everyMs: number,
  ) {}

  /** Resolves or rejects with the sending that carries these positions. */
  add(offsets: ReadonlyMap<number, number>): Promise<void> {
    for (const [partition, offset] of offsets) this.pending.set(partition, offset);
    this.next ??= this.sendSoon();
    return this.next;
  }

  /** Sends at once what waits; resolves when nothing is being sent any more, however that ended. */
  async flush(): Promise<void> {
    const next = this.next;
    this.hurry?.();
    await next?.catch(() => undefined);
    await this.sending;
  }

  private async sendSoon(): Promise<void> {
    const wait = this.lastAt + this.everyMs - Date.now();
    if (wait > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, wait);
        this.hurry = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.hurry = undefined;
    }
    // One at a time: an older position must not overtake a newer one.
    await this.sending;
    const offsets = this.pending;
    this.pending = new Map();
    this.next = undefined;
    this.lastAt = Date.now();
    const sent = this.send(offsets);
    this.sending = sent.then(
      () => undefined,
      () => undefined,
    );
    return sent;
  }
}
