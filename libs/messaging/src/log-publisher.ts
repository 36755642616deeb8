import { encode, toRecord, type Envelope, type Outgoing } from '@clawdesk/envelope';
import { continueTrace, activeTraceparent, SpanKind } from '@clawdesk/tracing';
import { TransportUnavailableError } from './failures.js';
import { Publisher, type Origin } from './publisher.js';
import type { OutgoingRecord, Transport } from './transport.js';

/** Publishes events that come from outside. */
export class LogPublisher extends Publisher {
  constructor(
    private readonly transport: Pick<Transport, 'publish'>,
    /** Milliseconds after which the caller is told that the log is away. */
    private readonly patienceMs = 5_000,
  ) {
    super();
  }

  publish(outgoing: Outgoing, origin: Origin): Promise<void> {
    const { topic } = outgoing;
    const id = outgoing.id ?? origin.id;
    const correlationid = origin.correlationid ?? id;
    const attributes = { 'messaging.destination.name': topic.name, 'messaging.message.id': id };
    return continueTrace(
      `publish ${topic.name}`,
      activeTraceparent(),
      attributes,
      async (_, traceparent) => {
        const event: Envelope = {
          id,
          type: topic.name,
          source: `/clawdesk/${topic.producers[0]}`,
          time: new Date().toISOString(),
          dataschema: topic.dataschema,
          tenant: origin.tenant,
          partitionkey: outgoing.key ?? origin.key,
          correlationid,
          causationid: correlationid,
          hops: 0,
          subjectkey: outgoing.subjectkey ?? origin.subjectkey ?? origin.key,
          traceparent,
          data: outgoing.data,
        };
        await this.acknowledged({ topic: topic.name, ...toRecord(event, encode(topic, outgoing.data)) });
      },
      SpanKind.PRODUCER,
    );
  }

  /** It may still be written after the patience is over: the same id again is recognised downstream. */
  private async acknowledged(record: OutgoingRecord): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () =>
          reject(new TransportUnavailableError(`The log did not acknowledge within ${this.patienceMs} ms`)),
        this.patienceMs,
      );
    });
    try {
      await Promise.race([this.transport.publish([record]), patience]);
    } finally {
      clearTimeout(timer);
    }
  }
}
