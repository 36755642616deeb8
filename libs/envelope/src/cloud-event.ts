import type { Envelope } from './envelope.js';
import { UndecodableRecordError } from './undecodable.js';

/** A record of the log, as far as the binding is concerned. */
export interface BoundRecord {
  key: string;
  headers: Record<string, string>;
  value: Buffer;
}

/** W3C Trace Context: version ff and ids of zeros are invalid. */
const traceparentPattern = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * CloudEvents 1.0, Kafka protocol binding, binary mode: attributes in `ce_` headers, the payload as it is.
 * Written by hand because it runs for every record; a spec holds it against the official SDK.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
 */
export function toRecord(event: Envelope, value: Buffer): BoundRecord {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_type: event.type,
    ce_source: event.source,
    ce_time: event.time,
    ce_dataschema: event.dataschema,
    ce_tenant: event.tenant,
    ce_partitionkey: event.partitionkey,
    ce_correlationid: event.correlationid,
    ce_causationid: event.causationid,
    ce_hops: String(event.hops),
    ce_subjectkey: event.subjectkey,
  };
  if (event.traceparent) headers['traceparent'] = event.traceparent;
  return { key: event.partitionkey, headers, value };
}

/**
 * Reads the attributes of a record; its payload is left to the codec.
 * @throws {UndecodableRecordError} naming the header that is missing or wrong.
 */
export function fromRecord(record: {
  key: string | null;
  headers: Readonly<Record<string, string>>;
}): Omit<Envelope, 'data'> {
  const { headers } = record;
  const required = (name: string): string => {
    const value = headers[name];
    if (value === undefined || value === '') throw new UndecodableRecordError(`Header '${name}' is missing`);
    return value;
  };
  if (required('ce_specversion') !== '1.0')
    throw new UndecodableRecordError(`Header 'ce_specversion' is not 1.0`);
  if (record.key === null || record.key === '') throw new UndecodableRecordError('The record has no key');
  const hops = Number(required('ce_hops'));
  if (!/^\d{1,6}$/.test(headers['ce_hops'] ?? ''))
    throw new UndecodableRecordError(`Header 'ce_hops' is not a count`);
  const traceparent = headers['traceparent'];
  return {
    id: required('ce_id'),
    type: required('ce_type'),
    source: required('ce_source'),
    time: required('ce_time'),
    dataschema: required('ce_dataschema'),
    tenant: required('ce_tenant'),
    partitionkey: record.key,
    correlationid: required('ce_correlationid'),
    causationid: required('ce_causationid'),
    hops,
    subjectkey: required('ce_subjectkey'),
    // A broken trace is no reason to refuse a message: it begins a new one.
    traceparent: traceparent !== undefined && traceparentPattern.test(traceparent) ? traceparent : undefined,
  };
}
