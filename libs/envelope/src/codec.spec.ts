import { describe, expect, it } from 'vitest';
import { exampleOf } from '../test/examples.js';
import { UnfitPayloadError, decode, encode, largestPayload } from './codec.js';
import { Topics } from './topics.js';
import { NewerSchemaError, UndecodableRecordError } from './undecodable.js';

const topic = Topics.messageReceived;
const example = exampleOf(topic);
const wire = (data: unknown): Buffer => Buffer.from(JSON.stringify(data));

/** What it throws, to look at more than the message. */
function thrownBy(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Nothing was thrown');
}

describe('encode', () => {
  it('gives what decode reads', () => {
    expect(decode(topic, topic.dataschema, encode(topic, example as never))).toEqual(example);
  });

  it('refuses a payload that does not fit, naming the place and never the value', () => {
    const error = thrownBy(() => encode(topic, { ...example, thread: 'secret'.repeat(50) } as never));
    expect(error).toBeInstanceOf(UnfitPayloadError);
    expect(error.message).toContain("'/thread'");
    expect(error.message).not.toContain('secret');
  });

  it('refuses more than 256 KiB', () => {
    const extra = 'x'.repeat(largestPayload);
    expect(() => encode(topic, { ...example, extra } as never)).toThrow(UnfitPayloadError);
  });
});

describe('decode', () => {
  it('carries fields on that it does not know', () => {
    const data = { ...example, addedLater: { a: 1 } };
    expect(decode(topic, topic.dataschema, wire(data))).toEqual(data);
  });

  it('reads a newer minor version and stops at a newer major one', () => {
    expect(decode(topic, `clawdesk:${topic.name}:1.7`, wire(example))).toEqual(example);
    expect(() => decode(topic, `clawdesk:${topic.name}:2.0`, wire(example))).toThrow(NewerSchemaError);
  });

  it.each(['', 'clawdesk:turn.failed:1.0', 'clawdesk:message.received', 'clawdesk:message.received:1.x'])(
    'refuses the dataschema %j',
    (dataschema) => {
      expect(() => decode(topic, dataschema, wire(example))).toThrow(UndecodableRecordError);
    },
  );

  it.each([
    ['text that is not JSON', Buffer.from('{"text": "my secret')],
    ['a field of the wrong type', wire({ ...example, size: 1, text: ['my secret'] })],
    ['a bare value', wire('my secret')],
  ])('refuses %s without quoting it', (_what, value) => {
    const error = thrownBy(() => decode(topic, topic.dataschema, value));
    expect(error).toBeInstanceOf(UndecodableRecordError);
    expect(error.message).not.toContain('secret');
  });

  it('names the field that is missing', () => {
    const { text: _text, ...rest } = example;
    expect(() => decode(topic, topic.dataschema, wire(rest))).toThrow(/'text'/);
  });
});
