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

/** The sink, whose errors are fatal. After one it is handed nothing more: what follows must not be committed past it. */
export const guardedSink = (sink: RecordSink, fail: Fail): RecordSink => {
  let broken = false;
  const failed: Fail = (error) => {
    broken = true;
    fail(error);
  };
  return {
    assigned: (partitions, assignment) =>
      guard(failed, undefined, () => sink.assigned(partitions, assignment)),
    rebalancing: () => guard(failed, undefined, () => sink.rebalancing()),
    accept: (partition, records) => !broken && guard(failed, false, () => sink.accept(partition, records)),
  };
};

/** The subscription, whose errors are fatal. */
export const guardedBroadcast = (
  { topic, onConnect, onRecord }: BroadcastSubscription,
  fail: Fail,
): BroadcastSubscription => ({
  topic,
  onConnect: () => guard(fail, undefined, onConnect),
  onRecord: (record) => guard(fail, undefined, () => onRecord(record)),
});
