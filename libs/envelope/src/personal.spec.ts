import { getMetadataStorage } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { eventOf, exampleOf, pathsOf, replaced, valueAt } from '../test/examples.js';
import { toRecord } from './cloud-event.js';
import { encode } from './codec.js';
import { personalFieldsOf } from './personal.js';
import { payloadClassesOf, payloadSchemas, propertiesOf, type JsonSchema } from './schemas.js';
import { Topics, allTopics } from './topics.js';

/**
 * Text fields that say nothing about a customer, looked at one by one: ids, codes, pseudonyms, article text and
 * what Clawdesk itself writes. A new text field is marked `@Personal()` or, after thought, put here.
 */
const impersonal = `
AttachmentReference: contentType id
Author: id
Citation: article title url
ConversationChanged: thread
ConversationCommanded: agent
Entity: type
Intent: name
MessageReceived: account channel channelMessageId locale thread
MessageUnderstood: language
OwnerChanged: thread
Passage: article id language text title url
ReplyComposed: account channel considered language purpose thread
ReplyDelivered: detail providerId
TimelineEntry: agent clientId considered language purpose reason
TimerFired: purpose
TurnDecided: account channel language reason thread
TurnFailed: handler reason thread topic
`.trim();

/** Free text: neither one of a list of words nor a UUID or a time. */
const isText = (schema: JsonSchema): boolean =>
  schema['type'] === 'array'
    ? isText((schema['items'] ?? {}) as JsonSchema)
    : schema['type'] === 'string' && !schema['enum'] && !schema['format'];

/** Text fields of all payloads by the class that declares them, and whether each is marked. */
function textFields(): Map<string, boolean> {
  const fields = new Map<string, boolean>();
  for (const topic of allTopics) {
    const schemas = payloadSchemas(topic);
    for (const [name, payload] of payloadClassesOf(topic)) {
      const marked = personalFieldsOf(payload);
      const declared = getMetadataStorage().getTargetValidationMetadatas(payload, '', true, false);
      for (const [property, schema] of Object.entries(propertiesOf(schemas[name] ?? {}))) {
        const owner = declared.find((rule) => rule.propertyName === property)?.target as { name: string };
        if (isText(schema)) fields.set(`${owner.name}.${property}`, marked.includes(property));
      }
    }
  }
  return fields;
}

describe('personal fields', () => {
  it('are all marked: every other text field is on the reviewed list', () => {
    const byClass = new Map<string, string[]>();
    for (const [field, marked] of textFields()) {
      const [owner = '', property = ''] = field.split('.');
      if (!marked) byClass.set(owner, [...(byClass.get(owner) ?? []), property]);
    }
    const lines = [...byClass]
      .map(([owner, properties]) => `${owner}: ${properties.sort().join(' ')}`)
      .sort();
    expect(lines.join('\n')).toBe(impersonal);
  });

  it('of a parent class are those of its children too', () => {
    expect(personalFieldsOf(Topics.passagesRetrieved.payload)).toEqual(['contactPoint', 'query', 'text']);
  });

  it.each(allTopics.map((topic) => [topic.name, topic] as const))(
    'of %s stay out of headers and key',
    (_name, topic) => {
      const classes = [...payloadClassesOf(topic).values()];
      const marked = new Set(classes.flatMap((payload) => personalFieldsOf(payload)));
      let data = exampleOf(topic);
      for (const path of pathsOf(data)) {
        const isMarked = marked.has(String(path[path.length - 1]));
        if (isMarked && typeof valueAt(data, path) === 'string') data = replaced(data, path, 'very-personal');
      }
      const { key, headers } = toRecord({ ...eventOf(topic), data }, encode(topic, data));
      expect(JSON.stringify([key, headers])).not.toContain('very-personal');
    },
  );
});
