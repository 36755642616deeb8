// Writes what is derived from the topic table: docs/reference/asyncapi.json, and a golden record for each topic
// version that has none yet. Golden records that are there stay as they are: old ones must be readable for ever.
//   npx nx build @clawdesk/envelope && node tools/workspace/contracts.mjs
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { allTopics, asyncApiDocument, deriveId, encode, toRecord } from '@clawdesk/envelope';

const root = new URL('../../', import.meta.url);
const write = (file, content) => {
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  console.log(`wrote ${fileURLToPath(file)}`);
};

write(new URL('docs/reference/asyncapi.json', root), asyncApiDocument());

for (const topic of allTopics) {
  const file = new URL(`libs/envelope/golden/${topic.name}/${topic.version}.json`, root);
  if (existsSync(file)) continue;
  const data = JSON.parse(readFileSync(new URL(`libs/envelope/examples/${topic.name}.json`, root), 'utf8'));
  const event = {
    id: deriveId('golden', topic.name, topic.version),
    type: topic.name,
    source: `/clawdesk/${topic.producers[0]}`,
    time: '2026-11-21T08:00:00.000Z',
    dataschema: topic.dataschema,
    tenant: 'default',
    partitionkey: data.thread ?? 'default',
    correlationid: deriveId('golden', 'turn'),
    causationid: deriveId('golden', 'cause'),
    hops: 1,
    subjectkey: 'c3ViamVjdC1wc2V1ZG9ueW0',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  };
  const { key, headers, value } = toRecord({ ...event, data }, encode(topic, data));
  write(file, { key, headers, value: value.toString('utf8') });
}
