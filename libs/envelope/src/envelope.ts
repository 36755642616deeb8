/** A CloudEvents 1.0 event as handlers see it: attributes and decoded payload. */
export interface Envelope<P = unknown> {
  /** UUIDv5, deterministic: the same cause gives the same id again. */
  id: string;
  /** Topic name. */
  type: string;
  /** Who wrote it, e.g. `/clawdesk/nlu`. */
  source: string;
  /** ISO 8601. */
  time: string;
  dataschema: string;
  tenant: string;
  /** The record's key (thread key for customer topics; the tenant for tenant-wide topics). */
  partitionkey: string;
  /** Id of the customer's message (or command, timer) that all this began with. */
  correlationid: string;
  /** Id of the event that led to this one. */
  causationid: string;
  /** How many events there are between this one and the first: loop guard. */
  hops: number;
  /** Whose data the personal fields are; names the data key. Pseudonymous. */
  subjectkey: string;
  traceparent?: string;
  data: P;
}
