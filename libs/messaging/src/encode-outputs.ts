import {
  encode,
  outgoingId,
  toRecord,
  UnfitPayloadError,
  type Envelope,
  type Outgoing,
} from '@clawdesk/envelope';
import { PermanentFailure } from './failures.js';
import type { OutgoingRecord } from './transport.js';

/** An event more than this many events away from its beginning is a loop. */
const mostHops = 40;

/** Turns what a handler returned into records: ids that come out the same again, causation, trace, checked payload. */
export function encodeOutputs(
  outputs: readonly Outgoing[],
  cause: Envelope,
  group: string,
  service: string,
): OutgoingRecord[] {
  if (outputs.length > 0 && cause.hops >= mostHops) {
    throw new PermanentFailure(
      `Event ${cause.id} is ${cause.hops} events away from its beginning: this is a loop`,
    );
  }
  return outputs.map((output, ordinal) => {
    const { topic } = output;
    if (!topic.producers.includes(service)) {
      throw new PermanentFailure(
        `'${service}' may not publish '${topic.name}'. Add it to the topic's producers in libs/envelope/src/topics.ts.`,
      );
    }
    const event: Envelope = {
      id: output.id ?? outgoingId(cause.id, group, topic.name, ordinal),
      type: topic.name,
      source: `/clawdesk/${service}`,
      time: new Date().toISOString(),
      dataschema: topic.dataschema,
      tenant: cause.tenant,
      partitionkey: output.key ?? cause.partitionkey,
      correlationid: cause.correlationid,
      causationid: cause.id,
      hops: cause.hops + 1,
      subjectkey: output.subjectkey ?? cause.subjectkey,
      traceparent: cause.traceparent,
      data: output.data,
    };
    return { topic: topic.name, ...toRecord(event, payloadOf(output)) };
  });
}

/** What does not fit its topic fits no better at the next attempt. */
function payloadOf({ topic, data }: Outgoing): Buffer {
  try {
    return encode(topic, data);
  } catch (error) {
    if (error instanceof UnfitPayloadError) throw new PermanentFailure(error.message, { cause: error });
    throw error;
  }
}
