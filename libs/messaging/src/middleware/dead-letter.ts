import { NewerSchemaError, Topics, type Envelope } from '@clawdesk/envelope';
import { counter, logger } from '@clawdesk/tracing';
import { waitUntilClosed, type Breakers } from '../breaker.js';
import type { Delivery, Middleware } from '../delivery.js';
import { encodeOutputs } from '../encode-outputs.js';
import { RevokedError } from '../revoked.js';
import { TransportUnavailableError } from '../failures.js';
import type { OutgoingRecord, Transport } from '../transport.js';

const log = logger('messaging');
const deadLetters = counter('clawdesk_dead_letters_total', 'Records that no attempt could handle', [
  'topic',
  'group',
]);

/** Headers that a dead letter has besides those of the record. */
export const deadLetterHeaders = {
  reason: 'dl-reason',
  handler: 'dl-handler',
  attempts: 'dl-attempts',
  topic: 'dl-topic',
  partition: 'dl-partition',
  offset: 'dl-offset',
  at: 'dl-at',
  /** What the log refused to take; it is still at `dl-offset` until the topic's retention is over. */
  leftOut: 'dl-left-out',
} as const;

/**
 * A record that cannot be handled goes to `<topic>.dead` untouched, with the reason beside it, and the partition
 * goes on. If it was part of a customer's turn, `turn.failed` hands the conversation to a person.
 * The record counts as done only when both are durable. What the log refuses to take is left out and logged:
 * no record, whoever wrote it, may stop the partition.
 */
export const deadLetter =
  (transport: Pick<Transport, 'publish'>, breakers: Breakers): Middleware =>
  (next) =>
  async (delivery) => {
    let failure: Error;
    if (delivery.unreadable) failure = delivery.unreadable;
    else {
      try {
        return await next(delivery);
      } catch (error) {
        if (error instanceof RevokedError || error instanceof NewerSchemaError) throw error;
        failure = error as Error;
      }
    }
    const publish: Publish = (records) => publishForSure(transport, breakers, delivery, records);
    const records = await publishWhatFits(
      publish,
      deadLetterOf(delivery, failure),
      turnFailedOf(delivery, failure),
    );
    delivery.deadLettered = failure;
    deadLetters.inc({ topic: delivery.record.topic, group: delivery.handler.options.group });
    log.error(
      {
        err: failure,
        ...placeOf(delivery),
        attempts: delivery.attempts,
        event: delivery.unreadable ? undefined : delivery.event.id,
      },
      'Record dead-lettered',
    );
    return records;
  };

function deadLetterOf(delivery: Delivery, failure: Error): OutgoingRecord {
  const { record, handler } = delivery;
  return {
    topic: `${record.topic}.dead`,
    key: record.key ?? '',
    value: record.value,
    headers: {
      ...record.headers,
      [deadLetterHeaders.reason]: reasonOf(failure),
      [deadLetterHeaders.handler]: handler.options.group,
      [deadLetterHeaders.attempts]: String(delivery.attempts),
      [deadLetterHeaders.topic]: record.topic,
      [deadLetterHeaders.partition]: String(record.partition),
      [deadLetterHeaders.offset]: String(record.offset),
      [deadLetterHeaders.at]: new Date().toISOString(),
    },
  };
}

const placeOf = ({ record: { topic, partition, offset }, handler }: Delivery) => ({
  topic,
  partition,
  offset,
  handler: handler.options.group,
});

// Headers are single-line and carry no values of the record: only our own failure messages get here.
const reasonOf = (failure: Error): string =>
  `${failure.name}: ${failure.message}`.replace(/\s+/g, ' ').slice(0, 1_000);

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** None where the record belongs to no turn, or where somebody else wrote what fits no turn of ours. */
function turnFailedOf(delivery: Delivery, failure: Error): OutgoingRecord[] {
  try {
    return encodeTurnFailed(delivery, failure);
  } catch (error) {
    log.error({ err: error, ...placeOf(delivery) }, 'No turn.failed can be made of a dead-lettered record');
    return [];
  }
}

function encodeTurnFailed(delivery: Delivery, failure: Error): OutgoingRecord[] {
  const event = delivery.event ?? attributesOf(delivery);
  if (!delivery.handler.topic.partOfTurn || !event || !delivery.record.key) return [];
  const data = {
    thread: delivery.record.key,
    turn: uuid.test(event.correlationid) ? event.correlationid : undefined,
    topic: delivery.record.topic,
    handler: delivery.handler.options.group,
    reason: reasonOf(failure),
    attempts: delivery.attempts,
  };
  // A loop ends here: its dead letter must get out although the event is too many hops away.
  return encodeOutputs(
    [Topics.turnFailed.message(data)],
    { ...event, hops: 0 },
    delivery.handler.options.group,
    'messaging',
  );
}

/** A record that could not be read may still say whose it is: that is enough to bring in a person. */
function attributesOf({ record }: Delivery): Envelope<object> | undefined {
  const tenant = record.headers['ce_tenant'];
  const id = record.headers['ce_id'];
  if (!tenant || !id || !record.key) return undefined;
  return {
    id,
    tenant,
    type: record.topic,
    source: record.headers['ce_source'] ?? '/unknown',
    time: new Date(record.timestamp).toISOString(),
    dataschema: '',
    partitionkey: record.key,
    correlationid: record.headers['ce_correlationid'] ?? id,
    causationid: id,
    hops: 0,
    subjectkey: record.headers['ce_subjectkey'] ?? record.key,
    data: {},
  };
}

type Publish = (records: readonly OutgoingRecord[]) => Promise<void>;

/** @returns what the log took of it. */
async function publishWhatFits(
  publish: Publish,
  letter: OutgoingRecord,
  turnFailed: readonly OutgoingRecord[],
): Promise<readonly OutgoingRecord[]> {
  const both = [letter, ...turnFailed];
  try {
    await publish(both);
    return both;
  } catch (error) {
    if (error instanceof RevokedError) throw error;
    log.error({ err: error, topic: letter.topic }, 'The log refuses a dead letter as it is');
  }
  // One by one: it does not say which of them it refuses.
  const taken = [await publishLetter(publish, letter)];
  if (turnFailed.length === 0) return taken;
  try {
    await publish(turnFailed);
    taken.push(...turnFailed);
  } catch (error) {
    if (error instanceof RevokedError) throw error;
    log.error({ err: error }, 'The log refuses a turn.failed: nobody is told of this turn');
  }
  return taken;
}

/** The dead letter's headers make it larger than a record that only just fitted: then the value stays behind. */
async function publishLetter(publish: Publish, letter: OutgoingRecord): Promise<OutgoingRecord> {
  const ours = new Set<string>(Object.values(deadLetterHeaders));
  const coordinates = Object.fromEntries(Object.entries(letter.headers).filter(([name]) => ours.has(name)));
  const leftOut = (what: string): Record<string, string> => ({ [deadLetterHeaders.leftOut]: what });
  const nothing = Buffer.alloc(0);
  const withoutValue = { ...letter, value: nothing, headers: { ...letter.headers, ...leftOut('value') } };
  const smallest = {
    ...withoutValue,
    key: '',
    headers: { ...coordinates, ...leftOut('value, key, headers') },
  };
  for (const form of [letter, withoutValue]) {
    try {
      await publish([form]);
      return form;
    } catch (error) {
      if (error instanceof RevokedError) throw error;
    }
  }
  await publish([smallest]);
  return smallest;
}

async function publishForSure(
  transport: Pick<Transport, 'publish'>,
  breakers: Breakers,
  delivery: Delivery,
  records: readonly OutgoingRecord[],
): Promise<void> {
  for (;;) {
    try {
      await transport.publish(records);
      return;
    } catch (error) {
      if (!(error instanceof TransportUnavailableError)) throw error;
      const breaker = breakers.of(error.dependency);
      breaker.trip(error);
      delivery.attemptStartedAt = undefined;
      await waitUntilClosed(breaker, delivery);
    }
  }
}
