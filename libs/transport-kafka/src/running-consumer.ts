import { logger } from '@clawdesk/tracing';
import type { Consumer, EachBatchHandler } from 'kafkajs';

const log = logger('transport-kafka');
const leaveLimitMs = 5_000;

const atMost = async (limitMs: number, work: Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
};

/** A kafkajs consumer that leaves its group properly, which kafkajs by itself does only once it is fetching. */
export class RunningConsumer {
  private started = false;
  private fetching = false;
  private whenFetching: (() => void)[] = [];

  constructor(readonly consumer: Consumer) {
    consumer.on(consumer.events.FETCH_START, () => {
      this.fetching = true;
      for (const resolve of this.whenFetching.splice(0)) resolve();
    });
    consumer.on(consumer.events.CRASH, () => {
      this.fetching = false;
    });
  }

  /** Connects; joins the group and fetches in the background. */
  async run(
    topic: string,
    fromBeginning: boolean,
    eachBatch: EachBatchHandler,
    failed: (error: unknown) => void,
  ): Promise<void> {
    await this.consumer.connect();
    await this.consumer.subscribe({ topic, fromBeginning });
    this.started = true;
    this.consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch }).catch(failed);
  }

  /** Leaves the group and disconnects; a broker that does not answer is not waited for: it takes the member for dead later. */
  async leave(): Promise<void> {
    if (this.started && !this.fetching) {
      await atMost(leaveLimitMs, new Promise((resolve) => this.whenFetching.push(resolve)));
    }
    const disconnecting = this.consumer.disconnect().catch((error: unknown) => {
      log.debug({ err: error }, 'A consumer could not leave its group');
    });
    await atMost(leaveLimitMs, disconnecting);
  }
}
