import type { LogRecord, OutgoingRecord } from '@clawdesk/messaging';
import type { IHeaders, KafkaMessage, TopicMessages } from 'kafkajs';

function headersOf(headers: IHeaders | undefined): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    // Kafka allows a header several times; the last one counts.
    const one = Array.isArray(value) ? value.at(-1) : value;
    texts[name] = one === undefined || one === null ? '' : one.toString();
  }
  return texts;
}

/**
 * A record as kafkajs fetched it. Values are bytes, keys and headers text: what is published here comes back unaltered. Of
 * records that only others write, a key or header that is not UTF-8 is read with U+FFFD in it, a header that comes several
 * times by its last value, and a tombstone as an empty value. So a dead letter is a copy of what was read, and names
 * topic, partition and offset of the original, which lies in the log as it is until retention takes it.
 */
export const recordOf = (topic: string, partition: number, message: KafkaMessage): LogRecord => ({
  topic,
  partition,
  offset: Number(message.offset),
  key: message.key === null ? null : message.key.toString(),
  headers: headersOf(message.headers),
  value: message.value ?? Buffer.alloc(0),
  timestamp: Number(message.timestamp),
});

/** Records by topic, in the order they came. */
export function topicMessages(records: readonly OutgoingRecord[]): TopicMessages[] {
  const topics = new Map<string, TopicMessages>();
  for (const { topic, key, headers, value } of records) {
    let messages = topics.get(topic);
    if (!messages) topics.set(topic, (messages = { topic, messages: [] }));
    messages.messages.push({ key, headers: { ...headers }, value });
  }
  return [...topics.values()];
}
