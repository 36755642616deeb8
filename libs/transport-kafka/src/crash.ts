import { causeOf, isUnsupportedCodec } from './kafka-errors.js';

/** Why a consumer stands for good, and what to do. */
export function crashSentence(error: Error, topic: string, group: string): Error {
  const { message } = causeOf(error);
  const sentence = isUnsupportedCodec(error)
    ? `Topic '${topic}' holds a record that cannot be unpacked (${message}), and group '${group}' cannot go past it: set compression.type=uncompressed on the topic and move the group's position behind that record with kafka-consumer-groups.`
    : `The consumer of topic '${topic}' in group '${group}' has stopped and does not start again by itself: ${message}`;
  return new Error(sentence, { cause: error });
}
