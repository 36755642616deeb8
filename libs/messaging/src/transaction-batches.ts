import { DatabaseUnavailableError, type Database, type EntityManager } from '@clawdesk/database';
import { inThisTrace } from '@clawdesk/tracing';
import type { Delivery, Handle } from './delivery.js';
import { findProcessed, storeProcessed, type ProcessedEvent } from './processed-events.js';
import type { OutgoingRecord } from './transport.js';

interface Waiting {
  delivery: Delivery;
  next: Handle;
  resolve(outputs: readonly OutgoingRecord[]): void;
  reject(error: unknown): void;
}

interface Queue {
  waiting: Waiting[];
  /** Transactions of this handler and tenant that are under way. */
  running: number;
  /** Until a further one is begun. */
  timer?: NodeJS.Timeout | undefined;
}

/** While one transaction waits for a lock or the disk, a second one of the same handler goes on. */
const mostAtOnce = 2;
/** It is not begun at once: what waits a moment longer shares a transaction with more. */
const patienceMs = 20;
/** More records than this in one transaction would hold row locks for too long. */
const mostPerTransaction = 32;

/**
 * Runs stateful handlers. Records of one handler and tenant that wait at the same time share a transaction, side by
 * side, so that under load the cost of beginning, guarding, committing and waiting for answers is divided by their
 * number. If one of them fails, all are rolled back and run again one by one: a failure touches only its own record.
 * They begin in the order of their keys: two transactions lock rows in the same order.
 */
export class TransactionBatches {
  private readonly queues = new Map<string, Queue>();

  constructor(private readonly database: Database) {}

  run(delivery: Delivery, next: Handle): Promise<readonly OutgoingRecord[]> {
    return new Promise((resolve, reject) => {
      const name = `${delivery.handler.options.group} ${delivery.event.tenant}`;
      let queue = this.queues.get(name);
      if (!queue) this.queues.set(name, (queue = { waiting: [], running: 0 }));
      // Whoever drains the queue does so in a trace of its own.
      queue.waiting.push({ delivery, next: inThisTrace(next), resolve, reject });
      if (queue.running > 0) this.expect(name, queue);
      else this.begin(name, queue);
    });
  }

  private begin(name: string, queue: Queue): void {
    queue.running += 1;
    // One turn of the event loop, so that records of the same fetch find each other.
    setImmediate(() => void this.drain(name, queue));
  }

  /** Begins a further transaction when those that run take long. */
  private expect(name: string, queue: Queue): void {
    queue.timer ??= setTimeout(() => {
      queue.timer = undefined;
      if (queue.waiting.length > 0 && queue.running < mostAtOnce) this.begin(name, queue);
    }, patienceMs);
  }

  private async drain(name: string, queue: Queue): Promise<void> {
    while (queue.waiting.length > 0) {
      const batch = queue.waiting.splice(0, mostPerTransaction);
      batch.sort((a, b) => compare(a.delivery.event.partitionkey, b.delivery.event.partitionkey));
      await this.runBatch(batch);
      if (queue.running > 1) break;
    }
    queue.running -= 1;
    if (queue.running === 0) {
      clearTimeout(queue.timer);
      this.queues.delete(name);
    } else if (queue.waiting.length > 0) this.expect(name, queue);
  }

  private async runBatch(waiting: readonly Waiting[]): Promise<void> {
    const batch = waiting.filter(({ delivery: { signal } }) => !signal.aborted);
    for (const { delivery, reject } of waiting) if (delivery.signal.aborted) reject(delivery.signal.reason);
    if (batch.length === 0) return;
    let outputs: (readonly OutgoingRecord[])[];
    try {
      outputs = await this.inTransaction(batch);
    } catch (error) {
      if (batch.length === 1 || error instanceof DatabaseUnavailableError) {
        for (const { reject } of batch) reject(error);
        return;
      }
      for (const one of batch) await this.runBatch([one]);
      return;
    }
    batch.forEach(({ resolve }, index) => resolve(outputs[index]!));
  }

  private inTransaction(batch: readonly Waiting[]): Promise<(readonly OutgoingRecord[])[]> {
    const { event, handler } = batch[0]!.delivery;
    const { group } = handler.options;
    return this.database.tenantScope(event.tenant, async (manager: EntityManager) => {
      const before = await findProcessed(
        manager,
        group,
        batch.map(({ delivery }) => delivery.event.id),
      );
      if (batch.length > 1) refuseSavepoints(manager);
      const processed: ProcessedEvent[] = [];
      const results = await allOrFirstFailure(
        batch.map(async ({ delivery, next }) => {
          const eventId = delivery.event.id;
          const known = before.get(eventId);
          if (known) return known;
          const outputs = await next(delivery);
          processed.push({ eventId, outputs });
          return outputs;
        }),
      );
      if (processed.length > 0) await storeProcessed(manager, group, processed);
      return results;
    });
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A savepoint would roll back what the other records have done meanwhile: its handler's record runs alone. */
function refuseSavepoints({ queryRunner }: EntityManager): void {
  if (!queryRunner) return;
  queryRunner.startTransaction = () =>
    Promise.reject(new Error('A record that shares its transaction cannot open one inside.'));
}

/** Waits for all, also when one has failed: nothing may go on in a transaction that is being rolled back. */
async function allOrFirstFailure<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  let failure: { error: unknown } | undefined;
  const watched = promises.map((promise) =>
    promise.catch((error: unknown) => {
      failure ??= { error };
      throw error;
    }),
  );
  await Promise.allSettled(watched);
  if (failure) throw failure.error;
  return Promise.all(watched);
}
