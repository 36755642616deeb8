import { CloudEvent, Kafka } from 'cloudevents';
import { describe, expect, it } from 'vitest';
import { eventOf } from '../test/examples.js';
import { fromRecord, toRecord } from './cloud-event.js';
import { encode } from './codec.js';
import { Topics, allTopics } from './topics.js';
import { UndecodableRecordError } from './undecodable.js';

const event = eventOf(Topics.messageReceived);
const record = toRecord(event, encode(Topics.messageReceived, event.data as never));
const { data: _data, ...attributes } = event;

describe('CloudEvents Kafka binding, binary mode', () => {
  it.each(allTopics.map((topic) => [topic.name, topic] as const))(
    'carries every attribute of %s',
    (_name, topic) => {
      const { data, ...expected } = eventOf(topic);
      const written = toRecord({ ...expected, data }, encode(topic, data));
      expect(fromRecord(written)).toEqual(expected);
      expect(written.key).toBe(expected.partitionkey);
    },
  );

  it('is read by the official SDK', () => {
    const read = Kafka.toEvent({ ...record, body: record.value } as never) as CloudEvent<unknown>;
    expect(read.validate()).toBe(true);
    expect({ ...read, hops: Number(read['hops']) }).toMatchObject({
      id: event.id,
      type: event.type,
      source: event.source,
      time: event.time,
      dataschema: event.dataschema,
      datacontenttype: 'application/json',
      partitionkey: event.partitionkey,
      tenant: event.tenant,
      correlationid: event.correlationid,
      causationid: event.causationid,
      subjectkey: event.subjectkey,
      hops: event.hops,
    });
    expect(read.data).toEqual(event.data);
  });

  it('reads what the official SDK writes', () => {
    const { traceparent: _traceparent, ...attributesOnWire } = attributes;
    const written = Kafka.binary(
      new CloudEvent({ ...attributesOnWire, datacontenttype: 'application/json', data: event.data }),
    );
    const headers = Object.fromEntries(
      Object.entries(written.headers)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, String(value)]),
    );
    expect(fromRecord({ key: event.partitionkey, headers })).toEqual({
      ...attributes,
      traceparent: undefined,
    });
  });

  it('writes traceparent plainly, as OpenTelemetry does', () => {
    expect(record.headers['traceparent']).toBe(event.traceparent);
    expect(record.headers).not.toHaveProperty('ce_traceparent');
  });

  it.each(
    Object.keys(record.headers).filter(
      (name) => !['content-type', 'traceparent', 'ce_partitionkey'].includes(name),
    ),
  )('names %s when it is missing', (name) => {
    const { [name]: _missing, ...headers } = record.headers;
    expect(() => fromRecord({ key: record.key, headers })).toThrow(UndecodableRecordError);
    expect(() => fromRecord({ key: record.key, headers })).toThrow(`'${name}'`);
  });

  it.each(['-1', '1.5', 'many', ' 1', '0x10', '9999999'])('refuses hops of %j', (hops) => {
    expect(() => fromRecord({ key: 'k', headers: { ...record.headers, ce_hops: hops } })).toThrow(/ce_hops/);
  });

  it('refuses another version of CloudEvents and a record without a key', () => {
    expect(() => fromRecord({ key: 'k', headers: { ...record.headers, ce_specversion: '0.3' } })).toThrow(
      /specversion/,
    );
    expect(() => fromRecord({ key: null, headers: record.headers })).toThrow(/no key/);
  });

  it.each([
    'nonsense',
    '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01',
    'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  ])('begins a new trace instead of going on with %s', (traceparent) => {
    expect(fromRecord({ key: 'k', headers: { ...record.headers, traceparent } }).traceparent).toBeUndefined();
  });
});
