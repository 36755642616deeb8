import { personalFieldsOf } from './personal.js';
import {
  payloadClassesOf,
  payloadSchemas,
  propertiesOf,
  type JsonSchema,
  type PayloadClass,
} from './schemas.js';
import type { Topic } from './topic.js';
import { allTopics } from './topics.js';

const text = (description: string): JsonSchema => ({ type: 'string', description });

/** Headers of every record: the CloudEvents attributes as the Kafka binding spells them. */
const recordHeaders: JsonSchema = {
  type: 'object',
  required: [
    'content-type',
    'ce_specversion',
    'ce_id',
    'ce_type',
    'ce_source',
    'ce_time',
    'ce_dataschema',
    'ce_tenant',
    'ce_correlationid',
    'ce_causationid',
    'ce_hops',
    'ce_subjectkey',
  ],
  properties: {
    'content-type': { type: 'string', const: 'application/json' },
    ce_specversion: { type: 'string', const: '1.0' },
    ce_id: text('UUIDv5, deterministic: the same cause gives the same id again'),
    ce_type: text('Topic name'),
    ce_source: text('Who wrote it, e.g. /clawdesk/nlu'),
    ce_time: { type: 'string', format: 'date-time' },
    ce_dataschema: text('clawdesk:<topic>:<major>.<minor>'),
    ce_tenant: text('Tenant whose data it is'),
    ce_partitionkey: text('Same as the key of the record'),
    ce_correlationid: text('Message, command or timer that all this began with'),
    ce_causationid: text('Event that led to this one'),
    ce_hops: { type: 'string', pattern: '^\\d{1,6}$', description: 'Events between this one and the first' },
    ce_subjectkey: text('Pseudonym of the person whose data the personal fields are'),
    traceparent: text('W3C Trace Context'),
  },
};

/** The AsyncAPI 3 document of everything that crosses the log, made from the topic table. */
export function asyncApiDocument(): JsonSchema {
  const schemas: Record<string, JsonSchema> = {};
  for (const topic of allTopics) Object.assign(schemas, markedSchemas(topic));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Clawdesk',
      version: '1.0.0',
      description: 'What crosses the log: CloudEvents 1.0, Kafka protocol binding, binary mode.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(allTopics.map((topic) => [topic.name, channelOf(topic)])),
    operations: Object.fromEntries(allTopics.flatMap(operationsOf)),
    components: {
      schemas: { RecordHeaders: recordHeaders, ...schemas },
      messages: Object.fromEntries(allTopics.map((topic) => [topic.name, messageOf(topic)])),
    },
  };
}

function channelOf(topic: Topic): JsonSchema {
  return {
    address: topic.name,
    messages: { [topic.name]: { $ref: `#/components/messages/${topic.name}` } },
    'x-dead-letters': topic.deadLetterTopic,
  };
}

function messageOf(topic: Topic): JsonSchema {
  return {
    name: topic.name,
    contentType: 'application/json',
    headers: { $ref: '#/components/schemas/RecordHeaders' },
    payload: { $ref: `#/components/schemas/${topic.payload.name}` },
    'x-dataschema': topic.dataschema,
  };
}

function operationsOf(topic: Topic): [string, JsonSchema][] {
  const operation = (action: 'send' | 'receive', title: string): [string, JsonSchema] => [
    `${title}.${action}.${topic.name}`,
    { action, title, channel: { $ref: `#/channels/${topic.name}` } },
  ];
  return [
    ...topic.producers.map((producer) => operation('send', producer)),
    ...topic.groups.map((group) => operation('receive', group)),
    ...(topic.broadcast ? [operation('receive', 'every-replica')] : []),
  ];
}

/** The schemas of a topic with `x-personal` at each marked field, and references as AsyncAPI wants them. */
function markedSchemas(topic: Topic): Record<string, JsonSchema> {
  const classes = payloadClassesOf(topic);
  const marked = Object.entries(payloadSchemas(topic)).map(([name, schema]) => {
    const personal = personalFieldsOf(classes.get(name) as PayloadClass);
    const properties = Object.entries(propertiesOf(schema)).map(([property, inner]) => [
      property,
      personal.includes(property) ? { ...inner, 'x-personal': true } : inner,
    ]);
    return [name, { ...schema, properties: Object.fromEntries(properties) as object }] as const;
  });
  const written = JSON.stringify(Object.fromEntries(marked)).replaceAll('#/$defs/', '#/components/schemas/');
  return JSON.parse(written) as Record<string, JsonSchema>;
}
