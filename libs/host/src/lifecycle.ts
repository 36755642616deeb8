/** When background work (senders, timers, sweepers) may run. */
export abstract class Lifecycle {
  /** `start` is called once database and log are there and the handlers run. */
  abstract onReady(start: () => void | Promise<void>): void;
  /** `stop` is called on SIGTERM, after consumption has stopped and before connections close; await what is in flight. */
  abstract onDrain(stop: () => void | Promise<void>): void;
}
