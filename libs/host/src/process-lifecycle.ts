import { Lifecycle } from './lifecycle.js';

/** Collects what is to run when the process is ready and when it drains. */
export class ProcessLifecycle extends Lifecycle {
  private readonly starts: (() => void | Promise<void>)[] = [];
  private readonly stops: (() => void | Promise<void>)[] = [];

  onReady(start: () => void | Promise<void>): void {
    this.starts.push(start);
  }

  onDrain(stop: () => void | Promise<void>): void {
    this.stops.push(stop);
  }

  async ready(): Promise<void> {
    for (const start of this.starts) await start();
  }

  async drain(): Promise<void> {
    // What never started has nothing to stop, but connections opened by constructors still want closing.
    for (const stop of this.stops.toReversed()) await stop();
  }
}
