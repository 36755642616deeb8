import type { BroadcastSubscription, RecordSink } from '@clawdesk/messaging';

type Fail = (error: Error) => void;

/** Runs a receiver's method. One that throws has records nobody knows the fate of: the process has to end. */
function guard<T>(fail: Fail, otherwise: T, call: () => T): T {
  try {
    return call();
  } catch (error) {
    fail(error instanceof Error ? error : new Error(String(error)));
    return otherwise;
  }
}

/** The sink, whose errors are fatal. A partition whose records it threw at is read no further. */
export const guardedSink = (sink: RecordSink, fail: Fail): RecordSink => ({
  assigned: (partitions, assignment) => guard(fail, undefined, () => sink.assigned(partitions, assignment)),
  rebalancing: () => guard(fail, undefined, () => sink.rebalancing()),
  accept: (partition, records) => guard(fail, false, () => sink.accept(partition, records)),
});

/** The subscription, whose errors are fatal. */
export const guardedBroadcast = (
  { topic, onConnect, onRecord }: BroadcastSubscription,
  fail: Fail,
): BroadcastSubscription => ({
  topic,
  onConnect: () => guard(fail, undefined, onConnect),
  onRecord: (record) => guard(fail, undefined, () => onRecord(record)),
});
