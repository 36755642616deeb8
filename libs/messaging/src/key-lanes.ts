/** One piece of work of a lane. It must not reject: failures are dealt with inside. */
export type LaneTask = () => Promise<void>;

/**
 * Runs tasks of the same key one after the other, in the order of `submit`, and tasks of different keys side by
 * side, at most `concurrency` at a time. A slow key keeps nobody waiting but itself.
 */
export class KeyLanes {
  /** Queued tasks by key; a key is here from its first submit until its last task is done. */
  private readonly lanes = new Map<string, LaneTask[]>();
  /** Keys that have work and no running task, first come first served. */
  private readonly ready: string[] = [];
  private running = 0;
  private held = false;

  constructor(private readonly concurrency: number) {}

  submit(key: string, task: LaneTask): void {
    const lane = this.lanes.get(key);
    if (lane) {
      lane.push(task);
      return;
    }
    this.lanes.set(key, [task]);
    this.ready.push(key);
    this.startReady();
  }

  /** Starts no further task until `release`; running ones go on. */
  hold(): void {
    this.held = true;
  }

  release(): void {
    this.held = false;
    this.startReady();
  }

  get runningCount(): number {
    return this.running;
  }

  private startReady(): void {
    while (!this.held && this.running < this.concurrency) {
      const key = this.ready.shift();
      if (key === undefined) return;
      this.running += 1;
      void this.runHead(key);
    }
  }

  private async runHead(key: string): Promise<void> {
    const lane = this.lanes.get(key)!;
    try {
      await lane.shift()!();
    } finally {
      this.running -= 1;
      if (lane.length === 0) this.lanes.delete(key);
      else this.ready.push(key);
      this.startReady();
    }
  }
}
