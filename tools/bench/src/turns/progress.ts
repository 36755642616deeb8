/** What the benchmark is doing, on standard error: overwritten in place on a terminal. */
export class Progress {
  private live = false;

  /** A line that stays. */
  say(text: string): void {
    this.clear();
    process.stderr.write(`${text}\n`);
  }

  /** A line that the next one replaces; only on a terminal. */
  show(text: string): void {
    if (!process.stderr.isTTY) return;
    process.stderr.write(`\r\u001b[K${text}`);
    this.live = true;
  }

  private clear(): void {
    if (this.live) process.stderr.write('\r\u001b[K');
    this.live = false;
  }
}
